"""Japanese. The second column is the word that counts such things."""

from chat.sketch.tongues.tongue import Tongue

TONGUE = Tongue(
    "ja",
    nouns="""
balloon 個 気球: 風船 熱気球
bird 羽 鳥: 小鳥
songbird 羽 小さな歌う鳥: 歌う鳥
plane 機 飛行機: ジェット機
rocket 機 ロケット: 宇宙船
kite 枚 凧
star つ 星
butterfly 匹 蝶: チョウ 蝶々
sun つ 太陽: お日さま
moon つ 月: 満月
cloud つ 雲
house 軒 家: 小屋 おうち
barn 棟 納屋: 農場
castle 棟 城: お城 宮殿
lighthouse 基 灯台
church 棟 教会: 大聖堂
tower 基 塔: タワー 高層ビル
windmill 基 風車
bridge 本 橋
tent 張 テント
tree 本 木: 樹
pine 本 もみの木: モミの木 松
palm 本 ヤシの木: ヤシ 椰子
bush つ 茂み: 低木
flower 本 花: お花
tulip 本 チューリップ
cactus 本 サボテン
mushroom 本 きのこ: キノコ
car 台 車: 自動車 くるま
bus 台 バス
truck 台 トラック
train 台 列車: 電車 汽車
bicycle 台 自転車
boat 艘 ボート: 小舟 ヨット 帆船
ship 隻 船: 客船 フェリー
duck 羽 アヒル: カモ 鴨
whale 頭 クジラ: 鯨
fish 匹 魚: 金魚
cat 匹 猫: ねこ ネコ 子猫
dog 匹 犬: いぬ イヌ 子犬
fox 匹 キツネ: 狐 きつね
horse 頭 馬
cow 頭 牛
sheep 頭 羊: ひつじ
rabbit 羽 ウサギ: うさぎ 兎
elephant 頭 象: ゾウ
person 人 人
man 人 男性: 男の人 男
woman 人 女性: 女の人 女
boy 人 男の子: 少年
girl 人 女の子: 少女
robot 台 ロボット
snowman 体 雪だるま
apple 個 りんご: リンゴ 林檎
orange 個 オレンジの実: みかん オレンジの果物
lemon 個 レモン
banana 本 バナナ
pear 個 洋なし: 梨
cherry 個 さくらんぼ: サクランボ
strawberry 個 いちご: イチゴ 苺
tomato 個 トマト
carrot 本 にんじん: ニンジン 人参
onion 個 玉ねぎ: タマネギ
grape 房 ぶどう: ブドウ 葡萄
bread 個 パン
pot 個 鍋
pan 個 フライパン
soup 皿 スープ
pancake 枚 パンケーキ: ホットケーキ
bowl 個 ボウル: 器 鉢
cup 個 カップ: コーヒー お茶
bottle 本 瓶: ボトル ワイン
cake 個 ケーキ
vase 個 花瓶
book 冊 本
sofa 台 ソファ: ソファー
chair 脚 椅子: いす イス
lamp 台 ランプ: 電気スタンド
table 台 テーブル: 食卓
bed 台 ベッド
shelf 台 棚: 本棚
plant 鉢 観葉植物: 植物 鉢植え
circle 個 円: 丸
square 個 四角: 正方形
heart 個 ハート
sea つ 海: 湖 池 水辺 海辺
beach つ 浜辺: ビーチ 砂浜 海岸
river 本 川: 小川
mountains つ 山: 山々
hills つ 丘: 谷
city つ 街: 町 都市
forest つ 森: 林
desert つ 砂漠
meadow つ 草原: 野原 牧場 芝生
room 室 部屋: 居間 リビング 室内
underwater つ 水中: 海の中 海中 海底 水の中
space つ 宇宙: 銀河
sky つ 空
wall 面 壁
background 面 背景
hair 本 髪: 髪の毛
dress 着 ドレス: シャツ 服
card 枚 カード: はがき
""",
    stand_ins="""eagle ワシ 鷲; seagull カモメ; crow カラス; parrot オウム; owl フクロウ ふくろう;
chicken ニワトリ 鶏; penguin ペンギン; bee 蜂 ハチ; hotel ホテル; school 学校; temple お寺 神社 寺;
sunflower ひまわり ヒマワリ; rose バラ 薔薇; taxi タクシー; van ワゴン車; ambulance 救急車;
tractor トラクター; tram 路面電車; motorbike バイク オートバイ; canoe カヌー; submarine 潜水艦;
swan 白鳥; dolphin イルカ; shark サメ; tiger トラ 虎; lion ライオン; wolf オオカミ 狼; donkey ロバ;
zebra シマウマ; bull 雄牛; goat ヤギ; child 子ども 子供; baby 赤ちゃん; king 王様; prince 王子;
princess お姫様 姫; queen 女王; witch 魔女; mermaid 人魚; mother お母さん 母; father お父さん 父;
grandmother おばあさん; grandfather おじいさん; astronaut 宇宙飛行士; pirate 海賊; knight 騎士;
wizard 魔法使い; armchair 肘掛け椅子; bench ベンチ; desk 机; lantern 提灯 ランタン; island 島;
volcano 火山; jungle ジャングル; garden 庭 庭園; park 公園; village 村; kitchen 台所 キッチン;
bedroom 寝室; christmastree クリスマスツリー""",
    colours="""red 赤 赤い 赤色 レッド; orange オレンジ色 オレンジ 橙色; yellow 黄色 黄色い 黄;
golden 黄金色; gold 金色; green 緑 緑色 緑の グリーン みどり; turquoise 青緑 ターコイズ;
blue 青 青い 青色 ブルー; navy 紺色 紺; violet 紫色; purple 紫 パープル; pink ピンク ピンク色 桃色;
brown 茶色 茶色い 茶; beige ベージュ; cream クリーム色; white 白 白い 白色; silver 銀色;
grey 灰色 グレー; black 黒 黒い 黒色; crimson 深紅; cyan 水色 空色; salmon サーモンピンク""",
    numbers="""1 一 一つ 1つ ひとつ; 2 二 二つ 2つ ふたつ; 3 三 三つ 3つ みっつ いくつか; 4 四 四つ;
5 五 五つ; 6 六 六つ; 7 七 七つ たくさん; 8 八 八つ; 9 九 九つ; 10 十 十個; 11 十一; 12 十二; 20
二十""",
    groups={
        "size": "big 大きな 大きい 大きく 巨大な; small 小さな 小さい 小さく",
        "relation": "on の上 上; in の中 中; behind の後ろ 後ろ の裏; in_front_of の前 前; "
        "above の上空 上空 の上の方; under の下 下; beside の隣 の横 のそば 隣 横 そば; "
        "left_of の左; right_of の右",
        "side": "left 左 左側 左に; right 右 右側 右に; middle 真ん中 中央; top 上部; bottom 下部",
        "sky": "night 夜 夜空 星空 夜の; dawn 夜明け 朝 日の出 朝の; evening 夕方 夕暮れ 夕焼け "
        "夕日 日没; day 昼 昼間 日中; rain 雨 雨の; snow 雪 雪の 雪景色 冬; storm 嵐 雷; fog 霧; "
        "rainbow 虹; overcast 曇り; sunny 晴れ",
        "act": "paint 描いて 描く かいて 見せて 作って; add 追加して 追加 加えて 足して; "
        "put 置いて 載せて 乗せて 入れて; remove 消して 取り除いて 削除して 削除 なくして 取って; "
        "make にして に変えて に塗って に変更して にする; bigger もっと大きく 大きくして "
        "大きくする; "
        "smaller もっと小さく 小さくして; more もっと あと もう; move 動かして 移動して 移して; "
        "replace 置き換えて 取り替えて; undo 元に戻して 戻して 取り消して 取り消し; "
        "first 最初に戻して 最初の絵; again もう一度 もう一回 別のを; restart 最初から やり直し "
        "やり直して; help ヘルプ 何ができる 使い方 あなたは誰; hello こんにちは おはよう "
        "こんばんは; "
        "thanks ありがとう ありがとうございます; question 何ですか 何が見え 何が写って "
        "何色ですか いくつありますか",
        "edit": "greyscale 白黒 モノクロ グレースケール; sepia セピア; invert 反転色 ネガ; "
        "brighter 明るく もっと明るく; darker 暗く もっと暗く; warmer 暖かく 暖色に; "
        "cooler 涼しく 寒色に; more_contrast コントラストを上げて; less_contrast "
        "コントラストを下げて; vivid 鮮やかに; blur ぼかして ぼかす; sharpen シャープに くっきり; "
        "cartoon 漫画風 アニメ風; pixelate ドット絵 モザイク; vignette 周辺減光 ビネット; "
        "flip 左右反転 裏返して; rotate 回転して 回転; crop 切り抜いて トリミング; "
        "border 枠 縁 フレーム; caption 文字 キャプション 書いて; square 正方形に",
        "shade": "light 薄い 明るい 淡い; dark 濃い 暗い",
        "word": "and と や それから 、 そして; then 次に; without なしの なしで のない; "
        "it それ これ; picture 絵 写真 画像; birthday 誕生日 お誕生日; - の を に へ が は も で "
        "して ください 下さい いる ある います あります 色の い な 匹 個 本の 人の 台 羽 頭 枚 "
        "冊 軒 艘 隻 "
        "脚 つ つの 匹の 個の 羽の 頭の 台の 枚の 冊の 軒の 人 私 今 少し とても 座って 立って "
        "飛んで 光 色 お願い お願いします 度 から まで い側 側 くて く 欲しい 夕方の光",
    },
    lands={
        "sea": "水辺", "beach": "浜辺", "river": "川のほとり", "mountains": "山の前",
        "hills": "丘の間", "city": "街の中", "forest": "森の中", "desert": "砂漠の中",
        "meadow": "草原の中", "room": "部屋の中", "underwater": "水の中", "space": "宇宙",
    },
    times={"day": "昼", "dawn": "夜明け", "evening": "夕方の光", "night": "夜"},
    weather={"rain": "雨", "snow": "雪", "storm": "嵐", "fog": "霧", "rainbow": "虹",
             "overcast": "曇り空", "stars": "星"},
    relations={"on": "の上の", "in": "の中の", "behind": "の後ろの", "before": "の前の",
               "left": "の左の", "right": "の隣の", "above": "の上空の", "under": "の下の"},
    relations_follow=True,
    spaces=False,
)  # fmt: skip
