"""The encoding of a text: told from few letters, wherever in the file they stand."""

from __future__ import annotations

import pytest

from csat.ingest.encoding import ENCODINGS, detect_encoding
from csat.ingest.source import open_source
from csat.ingest.staging import stage
from csat.model.problem import ImportProblem
from csat.store.store import Store

SHORT = {
    "gb18030": [
        "序号,满意度\n1,5\n",
        "网点,渠道,评分\n朝阳门,手机,4\n",
        "id,意见\n1,ok\n2,服务态度好\n",
        "1,好\n2,差\n",
        "客户姓名,投诉时间,投诉内容,处理结果\n张三,2026-01-01,等待时间太长,已解决\n",
        "编号,答案\n1,运动┋影视┋购物\n",
    ],
    "big5": [
        "序號,滿意度\n1,5\n",
        "客戶姓名,投訴時間,投訴內容\n張三,2026-01-01,等待時間太長\n",
        "id,意見\n1,ok\n2,服務態度好\n",
    ],
    "cp949": [
        "성별,나이\n남,20대\n",
        "이름,전화번호,지점\n1,2,서울\n",
        "매우 만족,만족,보통,불만족\n1,2,3,4\n",
        "id,의견\n1,ok\n2,친절해요\n",
    ],
    "cp932": [
        "性別,年齢\n男,20代\n",
        "とても満足,満足,普通,不満\n1,2,3,4\n",
        "ｱﾝｹｰﾄ,回答\n1,2\n",
        "氏名,電話番号,店舗\n1,2,東京\n",
    ],
    "cp1252": [
        "id,Größe\n1,2\n",
        "name,prix\npain,5 €\n",
        "Año,Satisfacción\n2026,5\n",
        "id,comentário\n1,Não gostei\n",
        "id,comment\n1,It’s good – really\n",
        "Är du nöjd?,Ålder\nJa,20\n",
        "id,note\n1,très bien\n2,déçu à Genève\n",
    ],
    "cp1250": ["Lp,Opinia\n1,Bardzo zadowolony\n2,Źle obsłużono w Łodzi\n"],
    "cp1251": ["Номер,Оценка\n1,5\n", "id,Комментарий\n1,ok\n2,Хорошо\n"],
    "cp1253": ["Αριθμός,Ικανοποίηση\n1,Πολύ καλό\n"],
    "cp1255": ["מספר,שביעות רצון\n1,טוב מאוד\n"],
    "cp1256": ["الرقم,مستوى الرضا\n1,راض جدا\n"],
}
CASES = [(name, text) for name, texts in SHORT.items() for text in texts]


@pytest.mark.parametrize(("encoding", "text"), CASES)
def test_a_few_words_are_enough(encoding: str, text: str) -> None:
    assert encoding in ENCODINGS
    assert detect_encoding(text.encode(encoding)) == encoding


@pytest.mark.parametrize(("encoding", "text"), [(n, t[0]) for n, t in SHORT.items()])
def test_letters_in_the_header_alone_are_enough(
    store: Store, write_csv, encoding: str, text: str
) -> None:
    header = text.splitlines()[0]
    width = header.count(",")
    body = "".join(f"{i}{',4' * width}\n" for i in range(60_000))
    source = open_source(write_csv(f"{header}\n{body}", encoding=encoding))
    found = source.reading.encoding
    assert header.encode(encoding).decode(found) == header or found == encoding
    with store.cursor() as cursor:
        assert stage(cursor, source) == 60_000


@pytest.mark.parametrize(("encoding", "text"), [(n, t[-1]) for n, t in SHORT.items()])
def test_letters_in_a_late_row_alone_are_enough(write_csv, encoding: str, text: str) -> None:
    late = text.splitlines()[-1].replace(",", " ") + " " + text.splitlines()[0].replace(",", " ")
    path = write_csv("id,text\n" + "1,fine\n" * 90_000 + f"2,{late}\n", encoding=encoding)
    assert open_source(path).reading.encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_seen_by_its_zeros(
    store: Store, write_csv, encoding: str
) -> None:
    source = open_source(write_csv("id,text\n1,Grüße\n2,满意\n", encoding=encoding))
    assert source.reading.encoding == encoding
    with store.cursor() as cursor:
        stage(cursor, source)
        assert cursor.execute("SELECT c1 FROM staged").fetchall() == [("Grüße",), ("满意",)]


@pytest.mark.parametrize("encoding", [e for e in ENCODINGS if e not in ("utf-8", "latin-1")])
def test_every_encoding_that_is_offered_can_be_chosen(write_csv, encoding: str) -> None:
    path = write_csv("id,text\n1,ok\n", encoding=encoding)
    assert open_source(path, encoding=encoding).reading.columns == ("id", "text")


def test_a_line_in_another_encoding_is_named(store: Store, tmp_path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes("id,ort\n1,Zürich\n2,Köln\n".encode("cp1252") + b"3,\x81\x8d\n")
    with pytest.raises(ImportProblem, match=r"mixed\.csv is not written in cp1252: line 4"):
        open_source(path, encoding="cp1252")
    source = open_source(path, encoding="latin-1")
    assert source.reading.columns == ("id", "ort")


def test_a_late_line_in_another_encoding_is_named_when_read(store: Store, tmp_path) -> None:
    path = tmp_path / "mixed.csv"
    good = "1,Zürich\n".encode("cp1252") * 60_000
    path.write_bytes(b"id,ort\n" + good + b"2,\x81\n")
    source = open_source(path, encoding="cp1252")
    with store.cursor() as cursor, pytest.raises(ImportProblem, match="line 60002"):
        stage(cursor, source)
