//! Every kind of bad input is refused with a sentence that names the place.

use bumpalo::Bump;
use wire::contract::parse_batch;

const GOOD: &str = r#"{"trace_id":"0190163d-8694-739b-aea5-966c26f8ad91","span_id":"0190163d-8694-739b-aea5-966c26f8ad92","parent_span_id":null,"service":"checkout","operation":"POST /orders","start_time":10,"end_time":20,"status":"ok","tags":{"a":"1"}}"#;

fn refused(body: &[u8]) -> String {
    match parse_batch(body, &Bump::new()) {
        Ok(spans) => panic!("taken: {} spans of {}", spans.len(), String::from_utf8_lossy(body)),
        Err(rejection) => rejection.to_string(),
    }
}

fn batch(spans: &[String]) -> String {
    format!(r#"{{"spans":[{}]}}"#, spans.join(","))
}

/// A batch of a good span, and one in which `from` is replaced by `to`.
fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from} is in the good span");
    batch(&[GOOD.to_owned(), GOOD.replacen(from, to, 1)])
}

fn check_field(from: &str, to: &str, sentence: &str) {
    assert_eq!(refused(with(from, to).as_bytes()), format!("spans[1]{sentence}"), "{from} -> {to}");
}

#[test]
fn the_good_span_is_taken() {
    let arena = Bump::new();
    let body = batch(&[GOOD.to_owned()]);
    let spans = parse_batch(body.as_bytes(), &arena).unwrap();
    assert_eq!(spans.len(), 1);
    assert_eq!((spans[0].service, spans[0].name), ("checkout", "POST /orders"));
    assert_eq!(spans[0].attributes.len(), 1);
}

#[test]
fn a_body_that_is_not_the_document_is_refused() {
    for (body, sentence) in [
        ("", "body: the JSON ends too early (at byte 0)"),
        ("  ", "body: the JSON ends too early (at byte 2)"),
        ("null", "body: expected a JSON object with the member spans (at byte 0)"),
        ("[]", "body: expected a JSON object with the member spans (at byte 0)"),
        ("\u{feff}{}", "body: expected a JSON object with the member spans (at byte 0)"),
        ("{}", "spans: must be an array of 1 to 500 spans, but is missing"),
        (r#"{"span":[]}"#, "spans: must be an array of 1 to 500 spans, but is missing"),
        (r#"{"spans":null}"#, "spans: must be an array of 1 to 500 spans"),
        (r#"{"spans":{}}"#, "spans: must be an array of 1 to 500 spans"),
        (r#"{"spans":[]}"#, "spans: must be an array of 1 to 500 spans, but is empty"),
        (r#"{"spans":[1]}"#, "spans[0]: expected an object with the fields of a span (at byte 10)"),
        (r#"{"a":1,}"#, "body: expected a key in double quotes (at byte 7)"),
        (r#"{"a":nul}"#, "body: expected a JSON value (at byte 5)"),
        (r#"{"a":01}"#, "body: invalid JSON number (at byte 6)"),
        (r#"{"a":1.}"#, "body: invalid JSON number (at byte 7)"),
        (r#"{"a":"\x"}"#, "body: invalid escape sequence in a JSON string (at byte 6)"),
    ] {
        assert_eq!(refused(body.as_bytes()), sentence, "{body}");
    }
    let twice = format!(r#"{{"spans":[{GOOD}],"spans":[{GOOD}]}}"#);
    assert_eq!(refused(twice.as_bytes()), "spans: appears twice");
    let trailing = batch(&[GOOD.to_owned()]) + "x";
    assert!(
        refused(trailing.as_bytes()).starts_with("body: expected the end of the text after the JSON value")
    );
}

#[test]
fn bytes_that_are_not_utf8_are_refused() {
    let mut body = batch(&[GOOD.to_owned()]).into_bytes();
    let at = body.windows(8).position(|window| window == b"checkout").unwrap();
    body[at] = 0xff;
    assert_eq!(refused(&body), format!("body: must be UTF-8, but is not at byte {at}"));
}

#[test]
fn a_document_cut_anywhere_is_refused() {
    let body = batch(&[GOOD.to_owned(), GOOD.to_owned()]);
    for cut in 0..body.len() {
        refused(&body.as_bytes()[..cut]);
    }
}

#[test]
fn nesting_is_bounded() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| {
            let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            format!(r#"{{"extra":{deep},"spans":[{GOOD}]}}"#)
        };
        assert!(parse_batch(nested(100).as_bytes(), &Bump::new()).is_ok());
        assert!(
            refused(nested(200_000).as_bytes())
                .starts_with("body: a value is nested deeper than 128 levels (at byte ")
        );
    }
}

#[test]
fn a_span_without_a_required_field_is_refused() {
    for field in ["trace_id", "span_id", "service", "operation", "start_time", "end_time", "status"] {
        check_field(&format!("\"{field}\""), "\"other\"", &format!(".{field}: is required"));
    }
}

#[test]
fn a_field_that_comes_twice_is_refused() {
    for member in [
        r#""trace_id":"0190163d-8694-739b-aea5-966c26f8ad91""#,
        r#""span_id":"0190163d-8694-739b-aea5-966c26f8ad92""#,
        r#""parent_span_id":null"#,
        r#""service":"checkout""#,
        r#""operation":"POST /orders""#,
        r#""start_time":10"#,
        r#""end_time":20"#,
        r#""status":"ok""#,
        r#""tags":{"a":"1"}"#,
    ] {
        let name = member.split('"').nth(1).unwrap();
        check_field(member, &format!("{member},{member}"), &format!(".{name}: appears twice"));
    }
    check_field(r#"{"a":"1"}"#, r#"{"a":"1","a":"2"}"#, r#".tags["a"]: appears twice"#);
}

#[test]
fn ids_of_every_wrong_form_are_refused() {
    let id = "\"0190163d-8694-739b-aea5-966c26f8ad91\"";
    for wrong in [
        "\"\"",
        "\"0190163d8694739baea5966c26f8ad91\"",
        "\"{0190163d-8694-739b-aea5-966c26f8ad91}\"",
        "\"urn:uuid:0190163d-8694-739b-aea5-966c26f8ad91\"",
        "\"0190163d-8694-739b-aea5-966c26f8ad9\"",
        "\"0190163d-8694-739b-aea5-966c26f8ad911\"",
        "\"0190163d-8694-739b-aea5-966c26f8ad9g\"",
        "\"0190163d_8694_739b_aea5_966c26f8ad91\"",
        "\"0190163d-8694-739b-aea5-966c26f8adé\"",
        "null",
        "1",
        "{}",
    ] {
        let rule = ".trace_id: must be a UUID such as \"0190163d-8694-739b-aea5-966c26f8ad91\"";
        check_field(id, wrong, rule);
    }
    let rule = ".parent_span_id: must be a UUID such as \"0190163d-8694-739b-aea5-966c26f8ad91\"";
    check_field("null", "\"\"", rule);
}

#[test]
fn times_are_integers_of_64_bits() {
    let integer = ".start_time: must be an integer, without fraction or exponent";
    let range = ".start_time: must fit in a signed 64-bit integer";
    let kind = ".start_time: must be Unix nanoseconds, an integer of 64 bits";
    for (wrong, sentence) in [
        ("1.0", integer),
        ("1e3", integer),
        ("9223372036854775808", range),
        ("-9223372036854775809", range),
        ("100000000000000000000000000", range),
        ("\"10\"", kind),
        ("null", kind),
        ("true", kind),
        ("[]", kind),
    ] {
        let found = refused(with("\"start_time\":10", &format!("\"start_time\":{wrong}")).as_bytes());
        assert!(found.starts_with(&format!("spans[1]{sentence}")), "{wrong}: {found}");
    }
    check_field("\"end_time\":20", "\"end_time\":9", ".end_time: must be >= start_time");
}

#[test]
fn names_and_values_have_their_lengths_in_characters() {
    let taken = |from: &str, to: &str| parse_batch(with(from, to).as_bytes(), &Bump::new()).is_ok();
    for character in ["a", "é", "𝄞", "\\n", "\\ud834\\udd1e"] {
        for field in ["service", "operation"] {
            let from = if field == "service" { "checkout" } else { "POST /orders" };
            assert!(taken(from, &character.repeat(256)), "{field}: 256 times {character}");
            check_field(from, &character.repeat(257), &format!(".{field}: must have at most 256 characters"));
        }
        assert!(taken(r#""a":"1""#, &format!(r#""a":"{}""#, character.repeat(1024))));
        let long = format!(r#""a":"{}""#, character.repeat(1025));
        check_field(r#""a":"1""#, &long, r#".tags["a"]: must have at most 1024 characters"#);
    }
}

#[test]
fn tags_are_at_most_fifty_strings() {
    let tags = |count: usize| {
        let entries: Vec<String> = (0..count).map(|number| format!(r#""k{number}":"v""#)).collect();
        format!("{{{}}}", entries.join(","))
    };
    let body = with(r#"{"a":"1"}"#, &tags(50));
    assert!(parse_batch(body.as_bytes(), &Bump::new()).is_ok());
    check_field(r#"{"a":"1"}"#, &tags(51), ".tags: must be an object of at most 50 strings, but has more");
    check_field(r#""a":"1""#, r#""a":1"#, r#".tags["a"]: must be a string"#);
    check_field(r#""a":"1""#, r#""a":null"#, r#".tags["a"]: must be a string"#);
    check_field(r#"{"a":"1"}"#, "[]", ".tags: must be an object of at most 50 strings");
}

#[test]
fn status_is_one_of_two_words() {
    for wrong in ["\"OK\"", "\"\"", "\"unset\"", "null", "1"] {
        check_field("\"ok\"", wrong, ".status: must be \"ok\" or \"error\"");
    }
}

#[test]
fn half_a_surrogate_pair_is_refused() {
    for half in ["\\ud800", "\\udc00", "\\ud800\\u0041", "\\ud800x", "\\ud800\\ud800"] {
        let found = refused(with("checkout", half).as_bytes());
        assert!(
            found.starts_with("spans[1].service: a \\u escape is half of a surrogate pair"),
            "{half}: {found}"
        );
    }
    let found = refused(with("checkout", "a\u{1}b").as_bytes());
    assert!(
        found.starts_with("spans[1].service: a control character in a string must be escaped"),
        "{found}"
    );
}

#[test]
fn a_batch_holds_at_most_500_spans() {
    let spans = |count| batch(&vec![GOOD.to_owned(); count]);
    assert_eq!(parse_batch(spans(500).as_bytes(), &Bump::new()).unwrap().len(), 500);
    let rejection = parse_batch(spans(501).as_bytes(), &Bump::new()).unwrap_err();
    let sentence =
        "spans: must be an array of 1 to 500 spans, but has more; send the others in another request";
    assert_eq!(rejection.to_string(), sentence);
    assert_eq!(rejection.spans_read, 501);
}

#[test]
fn a_long_key_of_a_client_is_quoted_in_part() {
    let key = "k\\n".repeat(1000);
    let found = refused(with(r#""a":"1""#, &format!(r#""{key}":1"#)).as_bytes());
    assert!(found.len() < 300 && !found.contains('\n'), "{found}");
}
