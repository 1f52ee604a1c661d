"""What servers say when a request holds too much is read for what of, and for the figures."""

import pytest

from chat.core.errors import Measure
from chat.providers.shared.replies.too_large import Excess, excess

SAID: list[tuple[str, Measure, int | None, int | None]] = [
    # The sentence; of what there was too much, what is taken, what was sent.
    (
        "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]",
        "tokens",
        30720,
        None,
    ),
    ("Range of input length should be [1, 98304]", "tokens", 98304, None),
    ("Prompt exceeds max length", "tokens", None, None),
    ("Prompt 超长", "tokens", None, None),
    ("invalid params, context window exceeds limit (2013)", "tokens", None, None),
    (
        "length of prompt_tokens (65000) must be less than max_seq_len (32768).",
        "tokens",
        32768,
        65000,
    ),
    (
        "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4500",
        "tokens",
        4081,
        4500,
    ),
    (
        "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193",
        "tokens",
        8193,
        None,
    ),
    (
        "Input validation error: `inputs` must have less than 4096 tokens. Given: 5000",
        "tokens",
        4096,
        5000,
    ),
    (
        "The prompt is too long: 137500, model maximum context length: 131071",
        "tokens",
        131071,
        137500,
    ),
    (
        "However, the model is loaded with context length of only 4096 tokens",
        "tokens",
        4096,
        None,
    ),
    (
        "The number of tokens to keep from the initial prompt is greater than the context length.",
        "tokens",
        None,
        None,
    ),
    ("input length exceeds maximum context length", "tokens", None, None),
    ("the input length exceeds the context length", "tokens", None, None),
    (
        "The decoder prompt (length 5000) is longer than the maximum model length of 4096",
        "tokens",
        4096,
        5000,
    ),
    (
        "However, the model's context length is only 8192 tokens",
        "tokens",
        8192,
        None,
    ),
    (
        "The input (9000 tokens) is longer than the model's context length (8192 tokens).",
        "tokens",
        8192,
        9000,
    ),
    (
        "Token count exceeds the model's maximum context length of 8192 tokens. You requested 9000",
        "tokens",
        8192,
        9000,
    ),
    ("Input Tokens Exceeded: Number of input tokens exceeds maximum length", "tokens", None, None),
    (
        "The number of tokens (9000) exceeded this model context window limit (8192).",
        "tokens",
        8192,
        9000,
    ),
    ("http: request body too large", "bytes", None, None),
    ("request body too large", "bytes", None, None),
    ("Received message larger than max (9000000 vs. 4194304)", "bytes", 4194304, 9000000),
    ("Request body is too large. Limit is 20971520 bytes.", "bytes", 20971520, None),
    ("Request Entity Too Large", "bytes", None, None),
    (
        "Maximum request body size 1048576 exceeded, actual body size 2000000",
        "bytes",
        1048576,
        2000000,
    ),
    ("Failed to buffer the request body: length limit exceeded", "bytes", None, None),
    ("图片数量超过限制，最多支持 10 张图片", "pictures", 10, None),
    ("输入图片数量超过最大限制 10", "pictures", 10, None),
    ("上下文长度超限", "tokens", None, None),
    ("输入长度超过模型最大上下文长度 32768", "tokens", 32768, None),
    ("输入token数超过最大限制", "tokens", None, None),
    ("请求体过大", "bytes", None, None),
    ("コンテキストの長さが上限を超えています", "tokens", None, None),
    ("画像の枚数が上限（10枚）を超えています", "pictures", 10, None),
    ("入力トークン数が上限を超えています", "tokens", None, None),
    ("リクエストのサイズが大きすぎます", "bytes", None, None),
    ("요청이 너무 큽니다", "bytes", None, None),
    ("이미지 개수가 최대 10개를 초과했습니다", "pictures", 10, None),
    ("The maximum number of images is 8, but 12 were provided.", "pictures", 8, 12),
    ("Image count 12 exceeds the limit of 8", "pictures", 8, 12),
    ("A maximum of 5 images is allowed", "pictures", 5, None),
    ("You can only attach up to 5 images.", "pictures", 5, None),
    ("You may only send 5 images per request", "pictures", 5, None),
    ("Max images per request: 5", "pictures", 5, None),
    ("Number of images must not exceed 5", "pictures", 5, None),
    ("image_url count 11 exceeds limit 10", "pictures", 10, 11),
    ("This model supports a maximum of 14 reference images", "pictures", 14, None),
    ("The number of image inputs exceeds the limit of 4", "pictures", 4, None),
    ("Only one image is supported per request.", "pictures", 1, None),
    ("This model only supports single image input", "pictures", 1, None),
    ("Multiple images are not supported", "pictures", 1, None),
    ("The text and image inputs are too long for this model", "tokens", None, None),
    ("Input exceeds the context window. Please shorten your conversation.", "tokens", None, None),
    ("Your input exceeds the context window of this model", "tokens", None, None),
    ("Conversation too long. Start a new conversation.", "tokens", None, None),
    ("input is too long: 300000 tokens", "tokens", 300000, None),
    ("Token limit exceeded: 130000/128000", "tokens", 128000, 130000),
]
"""From the sources, documentations and reports of each server."""

IN_OTHER_WORDS: list[tuple[str, Measure, int | None, int | None]] = [
    (
        "Your prompt has 210,334 tokens, more than the 200,000 it can take.",
        "tokens",
        200000,
        210334,
    ),
    ("Input of 140000 tokens exceeds model limit of 128000.", "tokens", 128000, 140000),
    ("Total tokens (input + images) 45000 surpass the context of 32768", "tokens", 32768, 45000),
    ("Your conversation is longer than the 128k tokens that it can read", "tokens", 128000, None),
    ("This model can only handle 32768 input tokens; got 50000", "tokens", 32768, 50000),
    ("input length and `max_tokens` exceed context limit: 7 + 2 > 8", "tokens", 8, 9),
    ("number of input tokens (2047) has exceeded max_prompt_tokens (2027)", "tokens", 2027, 2047),
    ("Le contexte dépasse la limite de 32768 tokens", "tokens", 32768, None),
    ("当前对话上下文已超过模型限制", "tokens", None, None),
    ("プロンプトが長すぎます", "tokens", None, None),
    ("litellm.ContextWindowExceededError: no", "tokens", None, None),
    ("Received 17 images; this endpoint accepts no more than 16.", "pictures", 16, 17),
    ("images: List should have at most 3 items after validation, not 6", "pictures", 3, 6),
    ("The request includes 21 images. Maximum allowed: 20.", "pictures", 20, 21),
    ("request contains 52 images, exceeding the maximum of 50 allowed", "pictures", 50, 52),
    (
        "image dimensions exceed max allowed size for many-image requests: 2000 pixels",
        "pictures",
        None,
        None,
    ),
    ("too many URL images in request (max 20)", "pictures", 20, None),
    ("model does not support multiple images", "pictures", 1, None),
    ("一次最多上传 5 张图片", "pictures", 5, None),
    ("Payload exceeds 10 MB limit", "bytes", 10_000_000, None),
    ("Request too big: 21MB (max 20MB)", "bytes", 20_000_000, 21_000_000),
    ("Total size of images exceeds 1.5 MiB", "bytes", 1_572_864, None),
    ("You can upload a maximum of 3 images at a time", "pictures", 3, None),
    (
        (
            "This model's maximum context length is 128000 tokens. However, your messages "
            "resulted in 130000 tokens (129000 in the messages, 1000 in the functions). "
            "Please reduce the length of the messages or functions."
        ),
        "tokens",
        128000,
        130000,
    ),
    (
        (
            "This model's maximum context length is 8192 tokens, however you requested 9000 "
            "tokens (8000 in your prompt; 1000 for the completion). Please reduce your "
            "prompt; or completion length."
        ),
        "tokens",
        8192,
        9000,
    ),
    (
        (
            "This endpoint's maximum context length is 32768 tokens. However, you requested "
            "about 40000 tokens (30000 of text input, 2000 of tool input, 8000 in the "
            'output). Please reduce the length of either one, or use the "middle-out" '
            "transform to compress your prompt automatically."
        ),
        "tokens",
        32768,
        40000,
    ),
    ("prompt is too long: 210000 tokens > 200000 maximum", "tokens", 200000, 210000),
    (
        "The input token count (1100000) exceeds the maximum number of tokens allowed (1048576).",
        "tokens",
        1048576,
        1100000,
    ),
    ("Too many images in request: 21 > 20", "pictures", 20, 21),
    (
        "Invalid request: Too many images. Maximum is 16 images. See our usage policies.",
        "pictures",
        16,
        None,
    ),
    ("At most 1 image may be provided in one prompt.", "pictures", 1, None),
    (
        "At most 4 image(s) may be provided in one request. You can set `--limit-mm-per-prompt`.",
        "pictures",
        4,
        None,
    ),
    ("Please use fewer than 17 images", "pictures", 16, None),
    ("Invalid 'input': too many image inputs; the limit is 50", "pictures", 50, None),
    (
        "This model's context allows 32768 tokens; tool definitions and messages have 40000 tokens",
        "tokens",
        32768,
        40000,
    ),
    ("Request payload size exceeds the limit: 20971520 bytes.", "bytes", 20971520, None),
    ("Your input image count (12) is over the limit: 10 reference pictures", "pictures", 10, 12),
    ("images: at most 10 reference images, 12 given", "pictures", 10, 12),
    ("input_images: too many items, max 8 images", "pictures", 8, None),
    ("The conversation has 40 images but the model supports up to 30 pictures", "pictures", 30, 40),
    ("history too long for context, tokens=9000 limit=8000", "tokens", 8000, 9000),
    ("The image limit is 6 per request", "pictures", 6, None),
    ("Too many reference images. Max: 3", "pictures", 3, None),
]
"""No server is known to say just that."""


@pytest.mark.parametrize(("sentence", "over", "most", "held"), SAID + IN_OTHER_WORDS)
def test_a_sentence_says_of_what_there_was_too_much(
    sentence: str, over: Measure, most: int | None, held: int | None
) -> None:
    for status in (400, 422, 500, None):
        assert excess(status, (), sentence) == Excess(over, most, held)
    assert excess(429, (), sentence) is None


@pytest.mark.parametrize(
    ("code", "over"),
    [
        ("FUNCTION_PAYLOAD_TOO_LARGE", "bytes"),
        ("context_window_exceeded", "tokens"),
        ("max_context_length_exceeded", "tokens"),
        ("input_too_long", "tokens"),
        ("maximum_context_length_exceeded", "tokens"),
        ("request_too_large", "bytes"),
        ("prompt_tokens_exceeded", "tokens"),
        ("ContextWindowExceededError", "tokens"),
        ("context_overflow", "tokens"),
        ("image_count_exceeded", "pictures"),
        ("too_many_media", "pictures"),
        ("max_image_count", "pictures"),
        ("entity.too.large", "bytes"),
        ("context_exceeded", "tokens"),
        ("string_above_max_length", "tokens"),
    ],
)
def test_a_code_says_it_too(code: str, over: Measure) -> None:
    found = excess(400, (code,), "No.")
    assert found is not None
    assert found.over == over


@pytest.mark.parametrize(
    "sentence",
    [
        "This request would exceed your organization's rate limit of 40,000 input tokens per minu",
        "max_tokens must be at most 8192",
        "max_tokens is too large: 100000. This model supports at most 16384 completion tokens",
        "n must be at most 4 images",
        "Invalid value: number of images n should be between 1 and 10",
        "Image is too large: 40 MB, at most 20 MB",
        "You exceeded your current quota: limit 20 images per day",
        "Failed to deserialize the JSON body",
        "the prompt may have 3 images at most described in words",
        "A maximum of 5 tools is allowed, and 9 were sent",
        "Request too large on tokens per minute (TPM): Limit 6000, Requested 9000",
        "'max_tokens' is too large: 9000. The maximum context length is 8192 tokens (9000 > 8192)",
        "max_tokens (50000) exceeds the maximum output length of 8192",
        "The maximum number of output tokens is 8192, but 20000 were requested",
        "thinking budget of 40000 tokens exceeds the limit of 32768",
        "num_images exceeds the limit of 4",
        "image exceeds 5 MB maximum: 6000000 bytes > 5242880 bytes",
        "Images must be larger than 256x256",
        "The model accepts images, not videos (400)",
        "Please send 1 image of your face",
        "The images contain more than is permitted by our content policy",
        "The prompt contains too many requests for images of people",
        "API token exceeds maximum length",
        "Unexpected token < in JSON at position 0",
        "temperature: Input should be less than or equal to 1",
        "Invalid 'messages[3].tool_calls[0].id': string too long. Expected maximum length 40",
        (
            "Invalid 'tools': array too long. Expected an array with maximum length 128, but "
            "got an array with length 200 instead."
        ),
        "At most 128 function declarations are supported. Received 140.",
        "The request has too many function declarations; the limit is 512.",
        "Too many tools: the model's context allows at most 64 tools.",
        "Tool schema too large: total size of tool definitions exceeds 100 KB",
        "Rate limit reached for images per min (IPM): Limit 5, Requested 6.",
        "You have exceeded the number of tokens allowed per 60 seconds: limit 100000",
        "Number of request tokens has exceeded your daily rate limit",
        "Too many concurrent requests: limit 10 images in flight",
        "Token budget of your key exceeded: 100000 tokens used, max 90000",
        "You reached your plan's limit of 100 images",
        "Your free tier is limited to 10 images",
        "Concurrency limit reached: at most 2 images at a time",
        "input tokens/min limit exceeded (40000)",
        (
            "Unable to submit request because it has a maxOutputTokens value of 100000 but "
            "the supported range is from 1 (inclusive) to 65537 (exclusive). Update the value "
            "and try again."
        ),
        "budget_tokens must be less than max_tokens, at most 8192",
        "min_tokens must be at most 100 tokens",
        "logprobs must be at most 20 tokens",
        "top_k must be at most 40 tokens",
        "stop sequences: at most 4 tokens are allowed",
        "At least one of the image dimensions exceed max allowed size: 8000 pixels",
        "images must be less than 20 MB each",
        "Image exceeds maximum of 33 megapixels",
        "Your request was rejected: the prompt scored 0.98, above the limit of 0.5 for violence",
        "Images of more than 3 people are not allowed by the safety policy",
        "Request blocked: more than 2 images contain faces of minors",
        "The input was flagged: severity 6 exceeds the maximum allowed 4 (violence)",
        "Input text contains 3 blocked words, which is more than the 2 allowed",
        "At most 5 videos are allowed per prompt",
        "sampleCount must be in [1, 4]: at most 4 images",
        "Only 4 images can be returned",
        "candidateCount exceeds limit: 2 images > 1",
        "header too large: at most 8190 bytes",
        "Request header fields too large",
        "最多生成 4 张图片",
        "输出token数超过最大限制",
        "每分钟token数超过限制",
    ],
)
def test_another_limit_is_none_of_the_request(sentence: str) -> None:
    assert excess(400, (), sentence) is None


@pytest.mark.parametrize(
    "code",
    [
        "rate_limit_exceeded",
        "insufficient_quota",
        "max_tokens_exceeded",
        "image_too_large",
        "tokens",
    ],
)
def test_a_code_of_another_limit_is_none_of_the_request(code: str) -> None:
    assert excess(400, (code,), "No.") is None


def test_a_code_for_long_texts_is_none_of_the_request_where_one_field_is_too_long() -> None:
    said = "Invalid 'messages[3].tool_calls[0].id': string too long."
    assert excess(400, ("string_above_max_length",), said) is None
