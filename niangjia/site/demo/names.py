"""Names of people, firms and villages that look invented: plants, and nothing but plants."""

from __future__ import annotations

import random

SURNAMES = tuple(
    "艾柏白麦桑杜谷高石金苏连江车梅兰桂菊荷莲葛茅芦蒲蓝林叶花木禾米豆粟桃李杏梨枣栗榆槐桐樟楠枫椿葵茶姜柳杨竹松榕杉"
)
_FIRST_MALE = tuple("青松柏槐榆桐楠樟杉枫栎椿桦榕桑梓竹藤苇谷稷粟穗禾麦稻秋春冬夏山野林岩溪川坡原田石")
_FIRST_FEMALE = tuple("红香芳芸芷荷莲兰菊梅桂杏桃梨棠蓉薇萝蔓葵菱芙茉莉荔莓蕊苗萱蕙藜芹苏芝青秋春冬夏雨露")
_SECOND_MALE = tuple("生根旺实成林森茂山岭田苗青长高壮满仓收丰禾秋顺平叶枝树木")
_SECOND_FEMALE = tuple("红花香叶草青秀芽苗果子枝蕊蓓穗萍云露雨霞朵儿月英芳")
_FIRM_FIRST = tuple(
    "青禾 云麦 稻香 蓼蓝 桑田 竹海 松涛 荷塘 榆钱 葛藤 芦花 菱角 山茶 木棉 "
    "苎麻 棉桃 蒲苇 枫林 桂子 橡果 沙棘 柿红 豆荚 粟穗 莲蓬 茴香 紫苏 蕨苗".split()
)
_FIRM_TRADE = tuple(
    "纺织 食品 服饰 家具 包装 物流 建材 电子 五金 农机 制药 印刷 餐饮 保洁 建筑劳务 超市 汽修 客运 园艺 塑胶".split()
)
_DOTTED = ("阿娜尔·沙枣", "古丽·石榴", "巴特尔·白桦", "卓玛·格桑", "阿依·葡萄", "乌兰·山丹", "央金·雪莲", "热娜·无花果")


class Names:
    """Draws names from one seeded source; names of the story's people are never given twice."""

    def __init__(self, rng: random.Random, taken: frozenset[str]) -> None:
        self._rng = rng
        self._taken = taken
        self._firms: set[str] = set()

    def surname(self) -> str:
        """A family name."""
        return self._rng.choice(SURNAMES)

    def person(self, sex: str, surname: str = "") -> str:
        """A full name; without a surname one in six hundred carries a dot, as some peoples' names do."""
        if not surname and self._rng.random() < 1 / 600:
            return self._rng.choice(_DOTTED)
        first, second = (_FIRST_MALE, _SECOND_MALE) if sex == "male" else (_FIRST_FEMALE, _SECOND_FEMALE)
        surname = surname or self.surname()
        while True:
            name = surname + self._rng.choice(first)
            if self._rng.random() < 0.86:
                name += self._rng.choice(second)
            if name not in self._taken and len(set(name)) == len(name):
                return name

    def firm(self, place: str) -> str:
        """The name of a firm, given once."""
        while True:
            name = f"云禾县{place}{self._rng.choice(_FIRM_FIRST)}{self._rng.choice(_FIRM_TRADE)}有限公司"
            if name not in self._firms:
                self._firms.add(name)
                return name
