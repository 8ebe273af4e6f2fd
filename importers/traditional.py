"""Traditional characters of office words (機關, 責任單位, 完成期限) as the simplified ones.

Only the grammars' own words are compared this way. What an author writes stays as written.
"""

from __future__ import annotations

import re

_PAIRS = (
    "機机關关單单辦办門门處处廳厅會会隊队組组聯联團团鄉乡縣县區区廠厂場场館馆臺台園园庫库學学協协署署"
    "項项編编號号碼码類类別别領领績绩責责負负執执實实務务業业務务內内細细則则標标準准目目題题問问"
    "計计劃划預预擬拟達达進进展展況况狀状態态時时間间開开啟启動动終终結结束束節节點点階阶段段週周"
    "備备註注說说明明來来據据證证資资檢检查查驗验檔档評评價价測测權权重重數数總总額额經经費费"
    "參参與与導导監监審审報报長长員员幹干書书記记電电話话絡络繫系緊紧級级級级"
    "牽牵頭头協协辨辨輔辅補补應应對对緩缓續续持持積积極极優优廣广推推強强產产創创設设備备線线網网"
    "農农環环護护衛卫醫医藥药療疗體体財财稅税銀银貿贸運运輸输鐵铁車车輛辆衝冲災灾險险歷历"
    "傳传統统戰战紀纪黨党國国華华東东灣湾橋桥樓楼鎮镇裡里鄰邻屬属轄辖約约絕绝讓让該该這这個个"
    "為为從从後后於于無无沒没過过還还當当將将據据須须願愿擇择條条約约訂订許许識识議议論论讀读"
    "寫写圖图畫画術术藝艺語语調调談谈請请警警訊讯遊游遲迟選选邊边釋释針针鐘钟閉闭際际隨随雙双難难顯显"
    "風风養养館馆驟骤發发佈布歸归歲岁舊旧萬万億亿壹一貳二參参圓圆幣币帶带廢废彈弹徑径復复憑凭戶户掛挂採采"
    "換换擔担擴扩攝摄敗败斷断暫暂歡欢殘残氣气漢汉潔洁濟济營营牆墙獎奖獲获畢毕療疗異异盡尽盤盘確确礎础"
    "種种稱称穩稳窗窗競竞範范築筑簡简簽签糧粮純纯終终綠绿維维縮缩織织繼继聽听職职舉举艱艰蓋盖藍蓝"
    "處处規规視视覽览觀观觸触訓训訪访誌志誤误課课謀谋講讲變变豐丰貢贡貧贫貨货質质購购贈赠趕赶跡迹"
    "軌轨軟软轉转農农連连逾逾適适遷迁遠远釐厘錄录鏈链鏟铲陣阵陸陆險险離离靈灵靜静頁页順顺頒颁頻频顧顾餘余馬马"
)
_SIMPLIFIED = {ord(a): b for a, b in zip(_PAIRS[::2], _PAIRS[1::2], strict=True) if a != b}
_ANY = re.compile(f"[{''.join(map(chr, _SIMPLIFIED))}]")


def simplified(text: str) -> str:
    """The text with every known traditional character as its simplified one; as long as before."""
    return text.translate(_SIMPLIFIED) if _ANY.search(text) else text


def traditional_of(characters: set[str]) -> set[str]:
    """The traditional characters that become one of these."""
    return {chr(code) for code, plain in _SIMPLIFIED.items() if plain in characters}
