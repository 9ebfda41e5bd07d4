//! The services of a made-up shop that all generated traces come from, with their operations and tags.

use span::Status;

use crate::random::Random;

/// A service and its operations.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) operations: &'static [Operation],
}

pub(crate) struct Operation {
    pub(crate) name: &'static str,
    tags: &'static [Tag],
}

struct Tag {
    key: &'static str,
    value: Value,
}

enum Value {
    Fixed(&'static str),
    OneOf(&'static [&'static str]),
    /// The text, followed by a random number that is less than the second field.
    Number(&'static str, u64),
}

/// Values of the tag `error.message`, which only failed spans have.
const FAILURES: [&str; 5] = [
    "deadline exceeded",
    "connection reset by peer",
    "card declined: \"insufficient funds\"",
    "out of stock",
    "Zeitüberschreitung – später erneut versuchen",
];

const REGION: Tag = tag("region", Value::OneOf(&["eu-west-1", "us-east-1", "ap-south-1"]));
const CUSTOMER: Tag = tag("customer.id", Value::Number("cust-", 10_000));
const ORDER: Tag = tag("order.id", Value::Number("ord-", 1_000_000));
const SKU: Tag = tag("item.sku", Value::Number("sku-", 5_000));
const POST: Tag = tag("http.method", Value::Fixed("POST"));
const GET: Tag = tag("http.method", Value::Fixed("GET"));
const POSTGRES: Tag = tag("db.system", Value::Fixed("postgresql"));
const CURRENCY: Tag = tag("payment.currency", Value::OneOf(&["EUR", "USD", "GBP", "JPY"]));
const CARRIER: Tag = tag("shipping.carrier", Value::OneOf(&["dhl", "ups", "fedex"]));
const CHANNEL: Tag = tag("notification.channel", Value::OneOf(&["email", "sms", "push"]));

/// The service of every root.
pub(crate) const ROOT_SERVICE: Service = Service {
    name: "checkout",
    operations: &[
        operation("POST /checkout", &[POST, REGION, CUSTOMER, ORDER]),
        operation("POST /cart/items", &[POST, REGION, SKU]),
        operation("GET /cart", &[GET, REGION, CUSTOMER]),
        operation("GET /orders/{id}", &[GET, ORDER]),
    ],
};

/// The services of all other spans.
pub(crate) const CHILD_SERVICES: [Service; 5] = [
    Service {
        name: "checkout",
        operations: &[operation("ValidateCart", &[]), operation("PriceOrder", &[CURRENCY])],
    },
    Service {
        name: "inventory",
        operations: &[
            operation("ReserveStock", &[SKU, POSTGRES]),
            operation("SELECT stock_levels", &[POSTGRES, REGION]),
            operation("ReleaseStock", &[SKU]),
        ],
    },
    Service {
        name: "payment",
        operations: &[
            operation("AuthorizeCard", &[CURRENCY, ORDER]),
            operation("CapturePayment", &[CURRENCY]),
            operation("FraudCheck", &[CUSTOMER, REGION]),
        ],
    },
    Service {
        name: "shipping",
        operations: &[
            operation("QuoteRates", &[CARRIER]),
            operation("CreateLabel", &[CARRIER, ORDER]),
            operation("SchedulePickup", &[CARRIER, REGION]),
        ],
    },
    Service {
        name: "notification",
        operations: &[operation("SendConfirmation", &[CHANNEL, CUSTOMER]), operation("RenderTemplate", &[])],
    },
];

/// Draws the tags of one span of this operation. A failed span also gets an `error.message`.
pub(crate) fn draw_tags(
    random: &mut Random,
    operation: &Operation,
    status: Status,
) -> Vec<(&'static str, String)> {
    let mut tags = Vec::with_capacity(operation.tags.len() + 1);
    for tag in operation.tags {
        let value = match tag.value {
            Value::Fixed(value) => value.to_owned(),
            Value::OneOf(values) => (*random.pick(values)).to_owned(),
            Value::Number(prefix, bound) => format!("{prefix}{}", random.below(bound)),
        };
        tags.push((tag.key, value));
    }
    match status {
        Status::Unset | Status::Ok => {}
        Status::Error => tags.push(("error.message", (*random.pick(&FAILURES)).to_owned())),
    }
    tags
}

const fn operation(name: &'static str, tags: &'static [Tag]) -> Operation {
    Operation { name, tags }
}

const fn tag(key: &'static str, value: Value) -> Tag {
    Tag { key, value }
}
