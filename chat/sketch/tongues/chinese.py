"""Chinese, in simplified characters. The second column is the word that counts such things."""

from chat.sketch.tongues.tongue import Tongue

TONGUE = Tongue(
    "zh-CN",
    nouns="""
balloon 个 气球: 热气球
bird 只 鸟: 小鸟
songbird 只 鸣禽
plane 架 飞机
rocket 枚 火箭: 宇宙飞船 飞船
kite 只 风筝
star 颗 星星: 五角星
butterfly 只 蝴蝶
sun 个 太阳
moon 个 月亮: 满月
cloud 朵 云: 云朵 云彩
house 座 房子: 屋子 小屋 家
barn 座 谷仓: 农场
castle 座 城堡: 宫殿
lighthouse 座 灯塔
church 座 教堂
tower 座 塔: 高楼 摩天大楼
windmill 座 风车
bridge 座 桥
tent 顶 帐篷
tree 棵 树: 大树 树木
pine 棵 松树: 杉树
palm 棵 棕榈树: 椰子树
bush 丛 灌木: 灌木丛
flower 朵 花: 花朵 鲜花
tulip 朵 郁金香
cactus 株 仙人掌
mushroom 朵 蘑菇
car 辆 汽车: 车 小汽车 轿车
bus 辆 公共汽车: 巴士 公交车
truck 辆 卡车: 货车
train 列 火车: 列车
bicycle 辆 自行车: 单车
boat 条 小船: 帆船 小艇
ship 艘 轮船: 船
duck 只 鸭子: 小鸭子
whale 头 鲸鱼: 鲸
fish 条 鱼: 金鱼
cat 只 猫: 小猫 猫咪
dog 只 狗: 小狗 狗狗
fox 只 狐狸
horse 匹 马: 小马
cow 头 奶牛: 牛
sheep 只 绵羊: 羊 小羊
rabbit 只 兔子: 小兔子
elephant 头 大象: 象
person 个 人
man 个 男人: 先生
woman 个 女人: 女士
boy 个 男孩: 小男孩
girl 个 女孩: 小女孩
robot 个 机器人
snowman 个 雪人
apple 个 苹果
orange 个 橙子: 橘子
lemon 个 柠檬
banana 根 香蕉
pear 个 梨: 梨子
cherry 颗 樱桃
strawberry 颗 草莓
tomato 个 番茄: 西红柿
carrot 根 胡萝卜
onion 个 洋葱
grape 串 葡萄
bread 个 面包
pot 口 锅
pan 个 平底锅
soup 盘 汤
pancake 张 薄煎饼: 煎饼
bowl 个 碗
cup 个 杯子: 咖啡 茶
bottle 个 瓶子: 葡萄酒
cake 个 蛋糕
vase 个 花瓶
book 本 书
sofa 张 沙发
chair 把 椅子
lamp 盏 灯: 台灯
table 张 桌子: 餐桌
bed 张 床
shelf 个 架子: 书架
plant 盆 盆栽: 植物
circle 个 圆形: 圆 圆圈
square 个 正方形: 方块
heart 颗 心: 爱心 心形
sea 片 海: 大海 海洋 湖 湖水 池塘 水 湖泊 海边
beach 片 海滩: 沙滩 海岸
river 条 河: 河流 小溪
mountains 座 山: 高山 群山 山脉
hills 座 小山: 丘陵 山丘 山谷
city 座 城市: 街道
forest 片 森林: 树林
desert 片 沙漠
meadow 片 草地: 田野 草原 草坪
room 间 房间: 客厅 室内
underwater 片 水下: 水里 海底 水中
space 片 太空: 宇宙 银河
sky 片 天空
wall 面 墙: 墙壁
background 个 背景
hair 根 头发
dress 件 裙子: 连衣裙 衬衫 衣服
card 张 卡片: 贺卡 生日卡 明信片
""",
    stand_ins="""eagle 老鹰 鹰; seagull 海鸥; crow 乌鸦; parrot 鹦鹉; owl 猫头鹰; chicken 鸡 母鸡;
penguin 企鹅; bee 蜜蜂; hotel 酒店 宾馆; school 学校; temple 寺庙; sunflower 向日葵; rose 玫瑰;
taxi 出租车; van 面包车; ambulance 救护车; tractor 拖拉机; tram 电车; motorbike 摩托车; canoe
独木舟;
submarine 潜水艇; swan 天鹅; dolphin 海豚; shark 鲨鱼; tiger 老虎; lion 狮子; wolf 狼; donkey 驴;
zebra 斑马; bull 公牛; goat 山羊; child 孩子 小孩; baby 婴儿; king 国王; prince 王子; princess 公主;
queen 女王; witch 女巫; mermaid 美人鱼; mother 妈妈 母亲; father 爸爸 父亲; grandmother 奶奶;
grandfather 爷爷; astronaut 宇航员; pirate 海盗; knight 骑士; wizard 巫师; armchair 扶手椅; bench
长椅;
desk 书桌; lantern 灯笼; island 岛; volcano 火山; jungle 丛林; garden 花园; park 公园; village 村庄;
kitchen 厨房; bedroom 卧室; christmastree 圣诞树""",
    colours="""red 红色 红 红色的; orange 橙色 橙色的; yellow 黄色 黄 黄色的; golden 金黄色; gold
金色;
green 绿色 绿 绿色的; turquoise 青绿色 青色; blue 蓝色 蓝 蓝色的; navy 藏青色 海军蓝;
violet 紫罗兰色; purple 紫色 紫 紫色的; pink 粉色 粉红色 粉红 粉色的; brown 棕色 褐色 咖啡色;
beige 米色; cream 奶油色; white 白色 白 白色的; silver 银色; grey 灰色 灰; black 黑色 黑 黑色的;
crimson 深红色; cyan 天蓝色; salmon 鲑鱼色""",
    numbers="""1 一; 2 两 二; 3 三 几; 4 四; 5 五; 6 六; 7 七 许多 很多; 8 八; 9 九; 10 十; 11 十一;
12 十二; 20 二十""",
    groups={
        "size": "big 大 大大的 巨大的 大的; small 小 小小的 小的",
        "relation": "on 上 上面 上面的 上的; in 里 里面 中 里的 里面的; behind 后面 后 后面的; "
        "in_front_of 前面 前 前面的; above 上方 上空 上方的; under 下面 下 下面的; "
        "beside 旁边 旁 旁边的; left_of 的左边; right_of 的右边",
        "side": "left 左边 左侧 左; right 右边 右侧 右; middle 中间 正中; top 顶部; bottom 底部",
        "sky": "night 夜晚 夜里 晚上 星空 夜空 夜; dawn 黎明 日出 早晨 清晨; "
        "evening 傍晚 黄昏 日落 夕阳; day 白天 中午; rain 雨 下雨; snow 雪 下雪 雪中 冬天; "
        "storm 暴风雨 雷雨; fog 雾 大雾; rainbow 彩虹; overcast 阴天; sunny 晴天",
        "act": "paint 画 画一幅 绘制 生成; add 添加 加上 加 增加; put 放 放在 把猫放; "
        "remove 去掉 删除 移除 拿掉 去除; make 变成 改成 涂成 染成 换成颜色 变为 改为 让; "
        "bigger 变大 放大 更大 大一点 大一些; smaller 变小 缩小 更小 小一点 小一些; more 再 更多; "
        "move 移到 移动到 移动; replace 换成 替换成 替换为; undo 撤销 撤回 返回 恢复; "
        "first 回到第一张 第一张 原图; again 再来一次 再来一张 重画; restart 重新开始 从头开始; "
        "help 帮助 你能做什么 你会什么 你是谁; hello 你好 您好 早上好 晚上好; thanks 谢谢 多谢; "
        "question 是什么 有什么 什么颜色 几个 画的是",
        "edit": "greyscale 黑白 灰度; sepia 棕褐色调 怀旧; invert 反色 底片; brighter 变亮 更亮 "
        "亮一点; "
        "darker 变暗 更暗 暗一点; warmer 更暖 暖一点 暖色调; cooler 更冷 冷一点 冷色调; "
        "more_contrast 提高对比度 增加对比度; less_contrast 降低对比度; vivid 更鲜艳 鲜艳一点; "
        "blur 模糊; sharpen 锐化 更清晰 清晰一点; cartoon 卡通 漫画; pixelate 像素化 马赛克; "
        "vignette 暗角; flip 翻转 镜像; rotate 旋转; crop 裁剪 裁切; border 边框 相框; "
        "caption 文字 标题 写上 写; square 方形图片",
        "shade": "light 浅 淡; dark 深 暗",
        "word": "and 和 与 、 以及 还有 并 ， 并且; then 然后 接着; without 没有 不要; it 它 它们; "
        "picture 图片 照片 图 画面; birthday 生日; - 的 把 将 在 有 是 着 了 请 我 给 一下 现在 "
        "只 条 座 棵 辆 朵 个 张 盏 头 匹 艘 架 颗 本 杯 些 坐 站 躺 飞 停 色 光 时 光线 这 那 "
        "帮我 想要 要 很 一幅 一张 到 去 来 度 面 让我 得 坐在 站在 也 天空中",
    },
    lands={
        "sea": "水边", "beach": "海滩上", "river": "河边", "mountains": "群山前",
        "hills": "丘陵间", "city": "城市里", "forest": "森林里", "desert": "沙漠里",
        "meadow": "草地上", "room": "房间里", "underwater": "水下", "space": "太空中",
    },
    times={"day": "白天", "dawn": "黎明", "evening": "傍晚的光线", "night": "夜晚"},
    weather={"rain": "雨", "snow": "雪", "storm": "暴风雨", "fog": "雾", "rainbow": "彩虹",
             "overcast": "阴天", "stars": "繁星"},
    relations={"on": "上的", "in": "里的", "behind": "后面的", "before": "前面的",
               "left": "左边的", "right": "旁边的", "above": "上方的", "under": "下面的"},
    relations_follow=True,
    spaces=False,
)  # fmt: skip
