//! Draws the attributes of a span as real services have them: some repeat, some are numbers, some are random.

use span::TraceId;

use super::protobuf::Message;
use super::services::{Endpoint, Service};
use crate::generate;
use crate::random::Random;

const KEY: u32 = 1;
const VALUE: u32 = 2;

const PATH_IDS: u64 = 1_000_000;
const CUSTOMERS: u64 = 100_000;
const CARTS: u64 = 50_000;
const PARAMETERS: u64 = 1000;
const PODS: u64 = 64;
const THREADS: u64 = 48;
const FIRST_EPHEMERAL_PORT: u64 = 32_768;
const EPHEMERAL_PORTS: u64 = 28_232;
const FOUND_PROBABILITY: f64 = 0.9;
const CACHED_PROBABILITY: f64 = 0.8;

const USER_AGENTS: [&str; 6] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "ShopApp/8.3.1 (Android 16; Pixel 9)",
    "Apache-HttpClient/5.4.1 (Java/25)",
    "Go-http-client/2.0",
];

/// What the attributes of a span depend on.
pub(super) struct AttributeInputs {
    pub(super) service: &'static Service,
    pub(super) endpoint: &'static Endpoint,
    pub(super) has_failed: bool,
}

enum Value {
    Fixed(&'static str),
    Text(String),
    Bool(bool),
    Int(u64),
    Double(f64),
}

/// Writes `count` attributes as the field with number `field` of a message.
pub(super) fn put(out: &mut Message, field: u32, count: u8, inputs: &AttributeInputs, random: &mut Random) {
    for index in 0..count {
        let (key, value) = draw(index, inputs, random);
        put_attribute(out, field, key, &value);
    }
}

pub(super) fn put_text(out: &mut Message, field: u32, key: &str, text: &'static str) {
    put_attribute(out, field, key, &Value::Fixed(text));
}

fn put_attribute(out: &mut Message, field: u32, key: &str, value: &Value) {
    out.put_message(field, |attribute| {
        attribute.put_bytes(KEY, key.as_bytes());
        attribute.put_message(VALUE, |any| match value {
            Value::Fixed(text) => any.put_bytes(1, text.as_bytes()),
            Value::Text(text) => any.put_bytes(1, text.as_bytes()),
            Value::Bool(value) => any.put_varint(2, u64::from(*value)),
            Value::Int(value) => any.put_varint(3, *value),
            Value::Double(value) => any.put_fixed64(4, value.to_bits()),
        });
    });
}

fn draw(index: u8, inputs: &AttributeInputs, random: &mut Random) -> (&'static str, Value) {
    let AttributeInputs { service, endpoint, .. } = *inputs;
    match index {
        0 => ("http.request.method", Value::Fixed(endpoint.method)),
        1 => ("http.route", Value::Fixed(endpoint.route)),
        2 => ("http.response.status_code", Value::Int(status_code(inputs, random))),
        3 => ("server.address", Value::Fixed(service.address)),
        4 => path_or_user(endpoint, random),
        5 => ("app.request.id", Value::Text(uuid(random))),
        6 => ("app.cart.id", Value::Text(cart(random.below(CARTS)))),
        7 => ("db.system.name", Value::Fixed("postgresql")),
        8 => ("db.query.text", Value::Text(statement(endpoint, random))),
        9 => ("db.namespace", Value::Fixed(service.name)),
        10 => ("network.peer.address", Value::Text(format!("10.42.7.{}", random.below(PODS)))),
        11 => ("network.peer.port", Value::Int(FIRST_EPHEMERAL_PORT + random.below(EPHEMERAL_PORTS))),
        12 => ("http.response.body.size", Value::Int(body_size(random))),
        13 => ("thread.id", Value::Int(random.below(THREADS))),
        14 => ("thread.name", Value::Text(format!("http-nio-8443-exec-{}", random.below(THREADS)))),
        15 => ("code.function.name", Value::Fixed(endpoint.function)),
        16 => ("user_agent.original", Value::Fixed(random.pick::<&str>(&USER_AGENTS))),
        17 => ("app.cache.hit", Value::Bool(random.chance(CACHED_PROBABILITY))),
        18 => ("app.cart.total", Value::Double(price(random))),
        _ => ("server.port", Value::Int(8443)),
    }
}

fn status_code(inputs: &AttributeInputs, random: &mut Random) -> u64 {
    match inputs {
        AttributeInputs { has_failed: true, .. } => 500,
        _ if random.chance(FOUND_PROBABILITY) => 200,
        _ => *random.pick(&[201, 304, 404]),
    }
}

fn path_or_user(endpoint: &Endpoint, random: &mut Random) -> (&'static str, Value) {
    if endpoint.route.contains("{id}") {
        let path = endpoint.route.replace("{id}", &random.below(PATH_IDS).to_string());
        return ("url.path", Value::Text(path));
    }
    ("enduser.id", Value::Text(format!("customer-{:08}", random.below(CUSTOMERS))))
}

fn statement(endpoint: &Endpoint, random: &mut Random) -> String {
    let [before, behind] = endpoint.statement;
    format!("{before}{}{behind}", random.below(PARAMETERS))
}

/// Returns the id of the cart with this number.
fn cart(number: u64) -> String {
    uuid(&mut Random::new(0, number))
}

fn uuid(random: &mut Random) -> String {
    TraceId::from_bytes(generate::draw_uuid(random)).to_string()
}

/// Draws a size: most are small, few are large.
fn body_size(random: &mut Random) -> u64 {
    let bits = random.between(7, 16);
    (1 << bits) + random.below(1 << bits)
}

/// Draws a price with whole cents.
fn price(random: &mut Random) -> f64 {
    let cents = u32::try_from(random.below(50_000)).expect("it is below the bound");
    f64::from(cents) / 100.0
}
