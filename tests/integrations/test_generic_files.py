from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.capture import Doubt, FileRefused, Financial, ProductCode
from app.domain.capture_export import as_expected
from app.domain.capture_settings import Mapping, ReadSettings
from app.domain.errors import BadUseError
from tests.integrations.reading import read_text, retry

HEADINGS = {
    "english": "Order number,SKU,Qty,Unit price,Order date,Recipient,Address line 1,Town,Post code,Country code",
    "german": "Bestell-Nr.,Art.-Nr.,Stückzahl,Einzelpreis,Bestelldatum,Empfänger,Straße,Ort,PLZ,Land",
    "french": "N° de commande,Référence,Quantité,Prix unitaire,Date de commande,Destinataire,Adresse,Ville,"
    "Code postal,Pays",
    "spanish": "Número de pedido,Referencia,Cantidad,Precio unitario,Fecha de pedido,Destinatario,Dirección,Ciudad,"
    "Código postal,País",
    "polish": "Numer zamówienia,Kod produktu,Ilość,Cena jednostkowa,Data zamówienia,Odbiorca,Ulica,Miejscowość,"
    "Kod pocztowy,Kraj",
}


@pytest.mark.parametrize("language", HEADINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_columns_are_found_by_their_headings(tmp_path: Path, language: str, delimiter: str) -> None:
    row = "A1,S-1,3,2.50,2024-05-06 07:08,Ada,1 Road,Leeds,LS1,GB"
    content = f"{HEADINGS[language]}\n{row}\n".replace(",", delimiter)
    order = read_text("auto", tmp_path, content).order
    assert as_expected(order) == {
        "order": "A1",
        "created_local": "2024-05-06T07:08:00",
        "ship_to": {
            "name": "Ada", "address1": "1 Road", "address2": "", "city": "Leeds", "postcode": "LS1", "region": "",
            "country": "GB", "phone": "",
        },
        "lines": [{"sku": "S-1", "quantity": 3, "unit_price": "2.50"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "encoding", "name", "street"),
    [
        ("german", "cp1252", "Jörg Großmann", "Königstraße 5"),
        ("german", "latin-1", "Jörg Großmann", "Königstraße 5"),
        ("french", "cp1252", "Élodie Lefèvre", "12 rue de l’Église"),
        ("spanish", "cp1252", "Íñigo Muñoz", "Calle Peñón 3"),
        ("polish", "cp1250", "Łukasz Wójcik", "ul. Świętej Próby 3"),
        ("polish", "iso8859-2", "Łukasz Wójcik", "ul. Świętej Próby 3"),
        ("polish", "utf-8-sig", "Łukasz Wójcik", "ul. Świętej Próby 3"),
        ("polish", "utf-16", "Łukasz Wójcik", "ul. Świętej Próby 3"),
        ("english", "utf-16-le", "Łukasz Wójcik", "ul. Świętej Próby 3"),
        ("english", "cp1251", "Иван Примеров", "ул. Примерная 10"),
        ("english", "utf-8", "山田 例子", "例町1-2-3"),
    ],
)
def test_encodings_are_found_out(tmp_path: Path, language: str, encoding: str, name: str, street: str) -> None:
    content = f"{HEADINGS[language]}\nA1,S-1,3,2.50,2024-05-06,{name},{street},Leeds,LS1,GB\n".encode(encoding)
    order = read_text("auto", tmp_path, content).order
    assert (order.ship_to.name, order.ship_to.address1) == (name, street)


def test_decimal_commas_are_found_out_for_the_whole_column(tmp_path: Path) -> None:
    content = (
        "Bestellnummer;Artikelnummer;Menge;Einzelpreis;Währung\nA;S;1;1.250;EUR\nB;S;1;1.234,50;EUR\nC;S;1;3,8;EUR\n"
    )
    orders = read_text("csv-orders", tmp_path, content).orders
    assert [order.lines[0].unit_price for order in orders] == [125000, 123450, 380]


def test_an_amount_against_the_columns_sign_is_refused_and_not_taken_a_hundredfold(tmp_path: Path) -> None:
    content = "order;sku;qty;price\nA;S;1;3,82\nB;S;1;4,10\nC;S;1;3.82\n"
    (refused,) = read_text("csv-orders", tmp_path, content).refused
    assert (refused.order_number, refused.code, refused.values) == (
        "C", "bad_amount", (("column", "price"), ("value", "3.82")),
    )  # fmt: skip
    assert retry(refused, "C;S;1;3,82\n").order.lines[0].unit_price == 382


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        (("03/04/2026", "25/04/2026"), date(2026, 4, 3)),
        (("03/04/2026", "04/25/2026"), date(2026, 3, 4)),
        (("03/04/2026", "05/04/2026"), date(2026, 4, 3)),
        (("3.4.26", "4.5.26"), date(2026, 4, 3)),
    ],
)
def test_day_and_month_are_told_apart_by_the_whole_column(tmp_path: Path, dates: tuple[str, str], wanted: date) -> None:
    content = "order,date,sku,qty\n" + "".join(f"{n},{day},S,1\n" for n, day in enumerate(dates))
    first = read_text("csv-orders", tmp_path, content).orders[0]
    assert first.created_local is not None
    assert first.created_local.date() == wanted


def test_a_mapping_names_columns_date_format_and_decimal_sign(tmp_path: Path) -> None:
    told = Mapping.from_json(
        '{"columns": {"order": "Vorgang", "sku": "Was", "quantity": "Wieviel", "unit_price": "Geld",'
        ' "created": "Wann"}, "date_format": "MM/DD/YYYY", "decimal": "comma"}'
    )
    assert Mapping.from_json(told.to_json()) == told
    content = "Vorgang;Wann;Was;Wieviel;Geld\n7;03/04/2026;S;2;1,50\n"
    read = read_text("csv-orders", tmp_path, content, ReadSettings(mapping=told, zone="Europe/Berlin"))
    assert read.order.created_utc == datetime(2026, 3, 3, 23, tzinfo=UTC)
    assert (read.order.number, read.order.lines[0].sku, read.order.lines[0].unit_price) == ("7", "S", 150)


def test_a_mapping_may_be_flat_and_use_other_names_for_our_fields() -> None:
    told = Mapping.from_json('{"order number": "Vorgang", "qty": "Wieviel", "date_format": "%d.%m.%Y"}')
    assert told == Mapping((("order number", "Vorgang"), ("qty", "Wieviel")), "%d.%m.%Y", "")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("{", "capture.mapping.not_json"),
        ("[]", "capture.mapping.not_object"),
        ('{"columns": 3}', "capture.mapping.columns_not_object"),
        ('{"columns": {"order": 3}}', "capture.mapping.column_not_text"),
        ('{"decimal": "x"}', "capture.mapping.decimal_unknown"),
    ],
)
def test_a_bad_mapping_is_said_in_one_sentence(told: str, code: str) -> None:
    with pytest.raises(BadUseError) as refusal:
        Mapping.from_json(told)
    assert refusal.value.code == code


def test_what_was_found_out_travels_with_a_refused_row(tmp_path: Path) -> None:
    content = "order;date;sku;qty;price\nA;04/25/2026;S;1;3,82\nB;03/04/2026;S;x;4,10\n"
    (refused,) = read_text("csv-orders", tmp_path, content, ReadSettings(zone="Europe/Paris")).refused
    kept = ReadSettings.from_json(refused.settings.to_json())
    assert kept == refused.settings
    assert (kept.delimiter, kept.mapping.decimal, kept.day_first, kept.zone) == (";", ",", False, "Europe/Paris")
    order = retry(refused, "B;03/04/2026;S;2;4,10\n").order
    assert (order.created_local, order.lines[0].unit_price) == (datetime(2026, 3, 4), 410)


def test_states_and_shipped_units_are_elsewhere(tmp_path: Path) -> None:
    content = (
        "order,sku,qty,quantity shipped,status,payment status\n"
        "1,S,5,2,open,paid\n2,S,5,,versendet,bezahlt\n3,S,5,,storniert,\n4,S,5,,,unpaid\n5,S,5,,,refunded\n6,S,5,,??,\n"
    )
    orders = read_text("csv-orders", tmp_path, content).orders
    assert [order.lines[0].elsewhere for order in orders] == [2, 5, 5, 0, 5, 0]
    assert [order.cancelled for order in orders] == [False, False, True, False, False, False]
    assert [order.financial for order in orders] == [
        Financial.PAID, Financial.PAID, Financial.NOT_REPORTED, Financial.PENDING, Financial.REFUNDED,
        Financial.NOT_REPORTED,
    ]  # fmt: skip
    assert orders[5].doubts == (Doubt.UNKNOWN_STATUS,)


def test_rows_apart_make_one_order_and_rows_of_two_places_none(tmp_path: Path) -> None:
    content = (
        "order,sku,qty,name,street,city\n"
        "1,A,1,Ada,Road,Leeds\n2,B,1,Bo,Lane,Hull\n1,C,1,Ada,,Leeds\n2,D,1,Bo,Lane,York\n"
    )
    read = read_text("csv-orders", tmp_path, content)
    assert [line.sku for line in read.order.lines] == ["A", "C"]
    (refused,) = read.refused
    assert (refused.code, refused.line_number, refused.order_number) == ("rows_disagree", 5, "2")
    assert dict(refused.values) == {"column": "city", "value": "York", "other": "Hull"}


def test_a_row_without_its_order_number_refuses_the_order_above_it(tmp_path: Path) -> None:
    read = read_text("csv-orders", tmp_path, "order,sku,qty\n1,A,1\n2,B,1\n,C,1\n3,D,1\n")
    assert [order.number for order in read.orders] == ["1", "3"]
    (refused,) = read.refused
    assert (refused.code, refused.order_number, [row.line_number for row in refused.companions]) == (
        "order_number_missing", "2", [3],
    )  # fmt: skip
    assert [line.sku for line in retry(refused, "2,C,1\n").order.lines] == ["B", "C"]


def test_an_unquoted_separator_refuses_the_order_that_the_row_names(tmp_path: Path) -> None:
    content = "title,order,sku,qty\nThing,1,A,1\nThing, large,1,B,1\nThing,2,C,1\n"
    read = read_text("csv-orders", tmp_path, content)
    assert [order.number for order in read.orders] == ["2"]
    assert [(row.code, row.order_number, len(row.companions)) for row in read.refused] == [("too_many_cells", "1", 1)]


def test_names_in_parts_house_numbers_and_country_names(tmp_path: Path) -> None:
    content = (
        "Bestellnummer;Artikelnummer;Menge;Vorname;Nachname;Straße;Hausnummer;PLZ;Land\n"
        "1;S;1;Jo;Muster;Weg;5a;'01067;Österreich\n"
    )
    order = read_text("csv-orders", tmp_path, content).order
    assert (order.ship_to.name, order.ship_to.address1, order.ship_to.postcode, order.ship_to.country) == (
        "Jo Muster", "Weg 5a", "01067", "AT",
    )  # fmt: skip


def test_products_with_units_codes_and_cases(tmp_path: Path) -> None:
    content = (
        "Artikelnummer;Bezeichnung;EAN;VPE;VPE-EAN;Gewicht (kg);Länge in cm;Breite (mm);Preis;chargenpflichtig\n"
        "S1;Ding;4006381333931;12;14006381333938;0,35;12,5;30;3,82;ja\n"
        "S2;Ding 2;;;;250 g;;;;\n"
    )
    one, two = read_text("auto", tmp_path, content, ReadSettings(currency="EUR")).products
    assert one.codes == (ProductCode("4006381333931", "gtin"), ProductCode("14006381333938", "case", 12))
    assert (one.weight_g, one.length_mm, one.width_mm, one.price, one.tracks_lots) == (350, 125, 30, 382, True)
    assert (two.weight_g, two.length_mm, two.price, two.tracks_lots) == (250, None, None, None)


def test_a_weight_that_could_be_anything_is_kept_aside(tmp_path: Path) -> None:
    one, two = read_text("csv-products", tmp_path, "sku,name,weight\nA,a,0.35\nB,b,350\n").products
    assert (one.weight_g, one.extras, two.weight_g, two.extras) == (None, (("weight", "0.35"),), 350, ())


def test_a_mapping_chooses_between_columns_that_differ_by_their_unit(tmp_path: Path) -> None:
    told = Mapping.from_json('{"fields": {"sku": "No", "weight": "Weight (lb)"}, "dateFormat": "DD.MM.YYYY"}')
    assert told.date_format == "DD.MM.YYYY"
    content = "No,name,Weight (kg),Weight (lb)\nA,a,1,2\n"
    (product,) = read_text("csv-products", tmp_path, content, ReadSettings(mapping=told)).products
    assert (product.sku, product.weight_g) == ("A", 907)


def test_a_mapped_column_that_is_not_there_and_a_field_that_is_none(tmp_path: Path) -> None:
    for told, code, value in (
        ('{"sku": "Nummer"}', "capture.file.wrong_header", "Nummer"),
        ('{"colour of hat": "sku"}', "capture.file.field_unknown", "colour of hat"),
    ):
        with pytest.raises(FileRefused) as refusal:
            read_text("csv-orders", tmp_path, "order,sku,qty\n", ReadSettings(mapping=Mapping.from_json(told)))
        assert refusal.value.code == code
        assert value in refusal.value.values.values()


def test_a_file_of_headings_alone_and_what_spreadsheets_put_before_them(tmp_path: Path) -> None:
    assert read_text("auto", tmp_path, "order,sku,qty\n").orders == []
    content = "\ufeffsep=;\r\nMy orders;;\r\n\r\norder;sku;qty\r\n1;A;2\r\n;;\r\n"
    read = read_text("auto", tmp_path, content)
    assert (read.order.number, read.order.line_number) == ("1", 5)
    assert [(row.line_number, row.code) for row in read.skipped] == [(6, "blank_row")]


def test_locations_and_stock(tmp_path: Path) -> None:
    places = (
        "Location,Zone,Aisle,Bay,Level,Position,Kind,Pick sequence,X (m),Y (m)\nA-01-1,A,1,01,1,2,Shelf,10,1.5,20\n"
    )
    (place,) = read_text("auto", tmp_path, places).locations
    assert (place.code, place.zone, place.kind, place.pick_sequence, place.x_mm, place.y_mm) == (
        "A-01-1", "A", "shelf", 10, 1500, 20000,
    )  # fmt: skip
    stock = "Lagerplatz;Artikelnummer;Menge;Charge;MHD\nA-01-1;S1;1.200;L7;31.12.2026\nA-01-1;S2;-4;;\n"
    read = read_text("auto", tmp_path, stock)
    (found,) = read.stock
    assert (found.location, found.sku, found.quantity, found.lot, found.expiry) == (
        "A-01-1", "S1", 1200, "L7", date(2026, 12, 31),
    )  # fmt: skip
    assert [(row.code, row.line_number) for row in read.refused] == [("quantity_out_of_range", 3)]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs", "Cc"]), max_size=30)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(1, 50), TEXT, TEXT, st.integers(0, 9999), st.integers(0, 10**7)), min_size=1, max_size=8
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_whatever_is_written_is_read_back(
    tmp_path: Path, rows: list[tuple[int, str, str, int, int]], delimiter: str, encoding: str, ends: str, quoting: int
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ends, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["order", "sku", "title", "note", "qty", "price", "currency"])
    for number, (_, title, note, quantity, price) in enumerate(rows):
        writer.writerow([f"N{number}", f"S{number}", title, note, quantity, f"{price // 100}.{price % 100:02d}", "EUR"])
    read = read_text("csv-orders", tmp_path, out.getvalue().encode(encoding))
    assert read.refused == []
    assert [
        (order.number, order.lines[0].title, order.note, order.lines[0].quantity, order.lines[0].unit_price)
        for order in read.orders
    ] == [(f"N{n}", title.strip(), note.strip(), units, price) for n, (_, title, note, units, price) in enumerate(rows)]


def test_an_unknown_state_beside_known_ones_is_a_doubt(tmp_path: Path) -> None:
    order = read_text("csv-orders", tmp_path, "order,sku,qty,status,paid\n1,S,5,verschollen,vielleicht\n").order
    assert order.doubts == (Doubt.UNKNOWN_STATUS,)
    assert order.financial is Financial.PENDING


@pytest.mark.parametrize(("status", "paid"), [("??", "paid"), ("shipped?", "paid"), ("open", "paid?")])
def test_a_state_with_a_question_mark_is_a_doubt(tmp_path: Path, status: str, paid: str) -> None:
    order = read_text("csv-orders", tmp_path, f"order,sku,qty,status,paid\n1,S,5,{status},{paid}\n").order
    assert (order.doubts, order.lines[0].elsewhere) == ((Doubt.UNKNOWN_STATUS,), 0)


def test_a_dash_where_a_state_stands_says_nothing(tmp_path: Path) -> None:
    order = read_text("csv-orders", tmp_path, "order,sku,qty,status,paid\n1,S,5,-,yes\n").order
    assert (order.doubts, order.lines[0].elsewhere) == ((), 0)


def test_a_column_that_may_be_a_province_or_a_state_of_the_order_is_told_by_its_words(tmp_path: Path) -> None:
    head = "Número de pedido;Referencia;Cantidad;Nombre;Dirección;Ciudad;País;Estado\n"
    rows = "1;R;2;José;Calle 1;Sevilla;España;enviado\n1;Q;1;José;Calle 1;Sevilla;España;pendiente\n"
    rows += "2;R;2;Ana;Calle 2;Sevilla;España;cancelado\n3;R;2;Eva;Calle 3;Guadalajara;México;Jalisco\n"
    first, second, third = read_text("auto", tmp_path, head + rows).orders
    assert [line.elsewhere for line in first.lines] == [2, 0]
    assert (second.cancelled, second.lines[0].elsewhere) == (True, 2)
    assert (third.cancelled, third.lines[0].elsewhere, third.ship_to.region) == (False, 0, "Jalisco")
    assert (first.ship_to.region, first.fulfilment, third.fulfilment) == ("", "enviado", "")


def test_a_state_beside_a_province_is_the_state_of_the_order(tmp_path: Path) -> None:
    content = "Pedido;Referencia;Cantidad;Provincia;Estado\n1;R;2;Cádiz;enviado\n"
    order = read_text("csv-orders", tmp_path, content).order
    assert (order.ship_to.region, order.lines[0].elsewhere) == ("Cádiz", 2)


@pytest.mark.parametrize(
    ("told", "gone"),
    [("yes", 2), ("2024-03-01 10:00", 2), ("storniert", 2), ("", 0), ("no", 0), ("0", 0)],
)
def test_a_column_cancelled_is_heard(tmp_path: Path, told: str, gone: int) -> None:
    order = read_text("csv-orders", tmp_path, f"order,sku,qty,cancelled at\n1,R,2,{told}\n").order
    assert (order.cancelled, order.lines[0].elsewhere) == (gone == 2, gone)


def test_money_that_went_back_is_a_doubt_unless_all_is_refunded(tmp_path: Path) -> None:
    content = "order,sku,qty,total,refunded,payment status\n1,R,2,10,4,paid\n2,R,2,10,0,paid\n3,R,2,10,10,refunded\n"
    orders = read_text("csv-orders", tmp_path, content).orders
    assert [order.doubts for order in orders] == [(Doubt.PARTIAL_REFUND,), (), ()]


@pytest.mark.parametrize("told", ["0001-01-01 00:00:00 +1400", "9999-12-31 23:59:59 -1200"])
def test_a_time_that_no_calendar_holds_refuses_its_row_alone(tmp_path: Path, told: str) -> None:
    read = read_text("csv-orders", tmp_path, f"order,sku,qty,date\n1,R,2,{told}\n2,R,1,2024-03-01\n")
    assert [order.number for order in read.orders] == ["2"]
    assert [(row.line_number, row.code) for row in read.refused] == [(2, "bad_date")]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("Regal", "shelf"), ("Kommissionierung", "shelf"), ("étagère", "shelf"), ("półka", "shelf"), ("", ""),
        ("Palettenplatz", "bulk"), ("Sperrlager", "quarantine"), ("Wareneingang", "receiving"), ("zwroty", "returns"),
        ("CAGE", "cage"), ("Mondbasis", "mondbasis"),
    ],
)  # fmt: skip
def test_kinds_of_places_in_five_languages(tmp_path: Path, told: str, kind: str) -> None:
    (place,) = read_text("auto", tmp_path, f"Lagerplatz;Zone;Typ\nA-1;A;{told}\n").locations
    assert place.kind == kind


@pytest.mark.parametrize(
    ("told", "condition"), [("neu", "new"), ("beschädigt", "damaged"), ("", ""), ("Damaged", "damaged"), ("?!", "?!")]
)
def test_conditions_in_five_languages(tmp_path: Path, told: str, condition: str) -> None:
    content = f"Artikelnummer;Lagerplatz;Bestand;condition\nX1;A-1;3;{told}\n"
    (lying,) = read_text("csv-stock", tmp_path, content).stock
    assert lying.condition == condition
