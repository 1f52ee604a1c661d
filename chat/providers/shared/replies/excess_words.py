"""Of what a request holds too much, told from the sentence of its refusal.

Servers say it in any words, so no sentences are known here, but what such a sentence is made of:
something that a request holds (pictures, tokens, bytes), and that it is over a bound, or what the
bound is. Sentences of the same make that mean another bound are told from these by what they name
beside: a span of time or an account, what the model gives, tools, the size of one picture, a key,
what a picture shows.

All of it is read one or two sentences at a time; what is further apart does not belong together.
"""

import re
from collections.abc import Iterator

from chat.core.errors import Measure

READ_CHARS = 2_000
"""So much of a text is read; what matters stands at its beginning."""
MOST_SENTENCES = 40


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=\D)|(?<=[。！？])|\n")
_IMAGES = r"(?:images?|image\(s\)|pictures?|photos?|(?:image|media) files?)(?!\w)"
_MANY = r"(?:images|image\(s\)|pictures|photos|media files)(?!\w)"

_OVER = _any(
    r"(?:\b|_)exceed", r"\bsurpass", r"\boverflow", r"\bshorten",
    r"\breduce the (?:length|size|number)", r"\b(?:is|are) (?:above|over|beyond)\b",
    r"\b(?:longer|larger|greater|bigger|higher) than\b", r"\bmore than (?:the\b|\d)",
    r"\blimit (?:was |is )?reached", r"> ?\d", r"\bexc[eè]d", r"\bd[ée]pass", r"überschr[ei]",
    r"超(?!时)", r"上限", r"超え", r"초과",
)  # fmt: skip
_TOO_LONG = _any(
    r"\btoo (?:long|large|big|much)\b", r"\btoo many tokens", r"超长", r"过[长大]", r"太[长大]",
    r"長すぎ", r"大きすぎ", r"너무 [긴깁길크큰큽]",
)  # fmt: skip
_CAP = (
    r"\b(?:up to|at most|(?:no|not) more than|fewer than|less than|only|max\w*|limit(?:ed)?"
    r"|accepts|allow(?:s|ed)|handles?)\b"
)
_CAPPED = _any(
    _CAP + r"(?:[ :=(-]+\w+){0,4}?[ :=(-]+\d",
    r"<=? ?\d",
    r"\b(?:should|must) be (?:\w+ ){0,3}\[?\d",
    r"\b\d+ max",
    r"最[多大]\D{0,8}?\d",
)
"""A bound with its figure."""

_OF_TIME_OR_ACCOUNT = _any(
    r"\bper[- ](?:second|minute|min|hour|day|week|month)\b", r"\b[irt]p[mds]\b", r"\bquota",
    r"\bper \d+ ?(?:s|sec|seconds|min|minutes|h|hours)\b",
    r"\w ?/ ?(?:s|sec|min|minute|hour|day)\b",
    r"\bconcurren", r"\bin flight\b",
    r"\b(?:plan|tier|account|key)(?:'s)? (?:limit\b|is limited|allows)",
    r"\bbudget (?:of|for) (?:your|this|the) (?:account|key|team|token|user)\b",
    r"\brate[- _]?limit", r"\b(?:daily|hourly|weekly|monthly)\b", r"\bthis (?:day|week|month)\b",
    r"\b(?:credits?|balance|billing|subscription)\b", r"\btimed? ?out\b",
    r"每(?:秒|分|小时|天|日|月)", r"限流|频率|余额|额度|配额", r"分あたり", r"분당",
)  # fmt: skip
_OF_THE_ANSWER = _any(
    r"\bmax[_ ](?:\w+[_ ])?tokens\b", r"\bcompletions?\b", r"\boutputs?\b",
    r"\b(?:think|reason)ing\b",
    r"\bgenerat(?:e|ed|es|ing)\b", r"\bgeneration (?:limit|count)", r"\bask for\b",
    r"\breturn(?:s|ed)?\b", r"\b(?:candidate|sample)[ _]?count\b",
    r"\b(?:min_tokens|top_[kp]|logprobs|stop sequences)\b",
    r"\b(?:create|produce|draw)\b", r"\bnum_(?:images|outputs|samples)\b",
    r"(?<![\w.])['\"`(]?n(?:['\"`):]| (?:must|should|is|can|exceed))", r"\bimages n\b",
    r"生成|输出|出力|출력|생성",
)  # fmt: skip
_BEGINS_WITH_ANSWER = re.compile(r"(?:[^.]{0,60}: )?['\"`]?max_(?:\w+_)?tokens\b", re.IGNORECASE)
_OF_A_KEY = _any(
    r"\b(?:api|access|auth\w*|bearer|refresh|session|security|login)[- _]tokens?\b",
    r"\bexpired?\b", r"过期|有效期|令牌",
)  # fmt: skip
_OF_TOOLS = _any(
    r"\b(?:too many|number of|\d+) (?:(?!in |the )\w+ ){0,2}(?:tools|function \w+s)\b",
    r"\btools['\"]?:",
    r"\btool (?:schema|definition)s? (?:is |are )?too\b",
    r"\bsize of (?:\w+ )?tool",
    r"\bfunction (?:declaration|definition|description|name)s?\b",
)
_OF_WHAT_IS_SHOWN = _any(
    r"\b(?:polic(?:y|ies)|safety|moderation|flagged|violat\w+|violence|severity|prohibited)\b",
    r"\b(?:people|persons?|faces?|minors|children|celebrit\w+|copyright\w*|nsfw)\b",
)
_FIELD = re.compile(r"[\w\]]\.(?:id|name|description|arguments|url|type|role|title|parameters)\b")
"""The path of one."""
_OF_ONE_FILE = _any(
    r"\b(?:image|picture|photo|file|mask|audio|video|document)\b(?! inputs?\b)[^.]{0,16}?"
    r"\b(?:too|exceed\w*|larger|bigger|dimensions?|size|resolution)\b"
)
_BYTES = (r"\d ?[kmg]i?b\b", r"\bbytes?\b")
_IN_BYTES = _any(*_BYTES)
_IN_SIZE = _any(
    *_BYTES, r"\b(?:mega)?pixels?\b", r"\dpx\b", r"\b(?:file )?sizes?\b",
    r"\bdimensions?\b", r"\bresolution\b", r"\d ?[x×] ?\d", r"\bratios?\b",
    r"大小|尺寸|分辨率|サイズ|解像度|크기|해상도",
)  # fmt: skip

_TOO_MANY_PICTURES = _any(
    rf"\btoo many (?:(?!requests|for)\w+ ){{0,2}}{_IMAGES}",
    r"\btoo (?:much|many) media\b",
    r"'images?': array too long",
    rf"{_CAP} (?:\w+ ){{0,3}}?\d+ (?:\w+ ){{0,2}}{_IMAGES}",
    r"最多[^。]{0,8}?\d{1,4} ?[张幅个]?图",
)
ONE_PICTURE = _any(
    r"\bonly (?:one|1|a single) (?:\w+ )?image\b",
    r"\bonly (?:supports?|accepts|takes) (?:one|1|a single|single)[- ](?:\w+ )?image\b",
    r"\bmultiple (?:\w+ )?images (?:are|is) not\b",
    r"\b(?:not|n't) (?:support|accept|allow|take) "
    r"(?:multiple|several|more than one) (?:\w+ )?image",
)
"""What says that one is taken, without a figure."""
_COUNTED_PICTURES = _any(
    rf"\d (?:\w+ ){{0,2}}{_IMAGES}",
    rf"\bnumber of (?:\w+ ){{0,3}}{_IMAGES}",
    rf"\b{_MANY}(?: per (?:request|message|prompt)\b|['\"]?:)",
    r"\bimage(?:_url)?s? (?:count|number|limit)\b",
    r"图[片像]?的?(?:数量|张数|数)",
    r"画像の?(?:枚数|数)",
    r"이미지",
)
_PICTURES = re.compile(rf"\b{_MANY}", re.IGNORECASE)
_MANY_PICTURES_AT_ONCE = re.compile(r"\bexceed max allowed size for many-image requests\b")
"""Anthropic takes larger ones where there are few."""

_TOKENS = _any(
    r"(?<!_)\btokens\b", r"\btoken (?:count|limit|length)\b", r"\bprompt_tokens\b",
    r"\bcontext\w*", r"\bkontext\w*", r"\bmax_(?:model|seq|position)\w*",
    r"\b(?:input|prompt|sequence) length\b", r"上下文|(?<=[^\x00-\x7f])token|token(?=[^\x00-\x7f])",
    r"コンテキスト|トークン", r"컨텍스트|토큰",
)  # fmt: skip
_INPUT = _any(
    r"\binputs?\b", r"\bprompts?\b", r"\bprompt_tokens\b", r"\bmessages\b", r"\bconversation\b",
    r"\bhistory\b", r"\bcontext\w*", r"输入|提示词?|上下文", r"入力|プロンプト", r"입력|프롬프트",
)  # fmt: skip
_LENGTH = _any(
    r"\b(?:length|limit|window|size|capacity)\b", r"\bmax\w*", r"\btokens?\b", r"长|限", r"초과",
)  # fmt: skip

_HEADERS = _any(r"\bheaders?\b")
_REQUEST = _any(r"\brequest\b", r"请求", r"リクエスト", r"요청")
_BODY = _any(
    r"\bpayload\b", r"\b(?:request )?body\b", r"\bentity\b",
    r"\bcontent (?:size|length|too large)\b", r"\btotal (?:\w+ )?size\b",
    r"\bmessage larger than max\b",
)  # fmt: skip


def too_much_in(text: str) -> tuple[Measure, str] | None:
    """Of what a request held too much, and the words from there on; ``None``: of nothing."""
    text = text[:READ_CHARS]
    if is_of_a_field(text) or _OF_TIME_OR_ACCOUNT.search(text) or _BEGINS_WITH_ANSWER.match(text):
        return None
    for start, words in _by_sentence(text):
        if (measure := _measure(words)) is not None:
            return measure, text[start:]
    return None


def is_of_a_field(text: str) -> bool:
    """Whether a sentence is of one field of the request, which no shorter conversation changes."""
    return _FIELD.search(text[:READ_CHARS]) is not None


def _by_sentence(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence alone, and then with the next one; with where it begins."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text)][: MOST_SENTENCES - 1]
    starts, ends = [0, *ends], [*ends, len(text)]
    for count in (1, 2):
        for at in range(len(starts) - count + 1):
            yield starts[at], text[starts[at] : ends[at + count - 1]]


def _measure(words: str) -> Measure | None:
    if any(other.search(words) for other in (_OF_A_KEY, _OF_TOOLS, _OF_WHAT_IS_SHOWN)):
        return None
    if _MANY_PICTURES_AT_ONCE.search(words) or _is_pictures(words):
        return "pictures"
    if _is_tokens(words):
        return "tokens"
    return "bytes" if _is_bytes(words) else None


def _is_pictures(words: str) -> bool:
    if _IN_SIZE.search(words) or _OF_THE_ANSWER.search(words):
        return False
    if _TOO_MANY_PICTURES.search(words) or ONE_PICTURE.search(words):
        return True
    if _TOKENS.search(words):
        return False
    if _COUNTED_PICTURES.search(words):
        return bool(_OVER.search(words) or _CAPPED.search(words))
    return bool(_PICTURES.search(words) and _OVER.search(words))


def _is_tokens(words: str) -> bool:
    is_input, is_tokens = _INPUT.search(words), _TOKENS.search(words)
    if not (is_input or is_tokens) or (_OF_THE_ANSWER.search(words) and not is_input):
        return False
    if not is_tokens and (_OF_ONE_FILE.search(words) or _IN_BYTES.search(words)):
        return False
    if _TOO_LONG.search(words):
        return True
    if _OVER.search(words):
        return bool(is_tokens or _LENGTH.search(words))
    return bool(is_tokens and _CAPPED.search(words))


def _is_bytes(words: str) -> bool:
    if _OF_ONE_FILE.search(words) or _HEADERS.search(words):
        return False
    if not (_BODY.search(words) or _REQUEST.search(words)):
        return False
    if _TOO_LONG.search(words):
        return True
    return bool(_OVER.search(words) and (_BODY.search(words) or _IN_SIZE.search(words)))
