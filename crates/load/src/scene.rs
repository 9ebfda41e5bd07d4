//! The little shop that the traces come from: its services, their operations and their tags.

use span::Status;

use crate::dice::Dice;

/// A service and what it does.
pub(crate) struct Scene {
    pub(crate) service: &'static str,
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
    /// A number below the bound, behind a prefix.
    Number(&'static str, u64),
}

/// What goes wrong, written to `error.message` of a span that failed.
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

/// Where every trace begins.
pub(crate) const ENTRANCE: Scene = Scene {
    service: "checkout",
    operations: &[
        operation("POST /checkout", &[POST, REGION, CUSTOMER, ORDER]),
        operation("POST /cart/items", &[POST, REGION, SKU]),
        operation("GET /cart", &[GET, REGION, CUSTOMER]),
        operation("GET /orders/{id}", &[GET, ORDER]),
    ],
};

/// What a request calls on its way.
pub(crate) const BACKSTAGE: [Scene; 5] = [
    Scene {
        service: "checkout",
        operations: &[operation("ValidateCart", &[]), operation("PriceOrder", &[CURRENCY])],
    },
    Scene {
        service: "inventory",
        operations: &[
            operation("ReserveStock", &[SKU, POSTGRES]),
            operation("SELECT stock_levels", &[POSTGRES, REGION]),
            operation("ReleaseStock", &[SKU]),
        ],
    },
    Scene {
        service: "payment",
        operations: &[
            operation("AuthorizeCard", &[CURRENCY, ORDER]),
            operation("CapturePayment", &[CURRENCY]),
            operation("FraudCheck", &[CUSTOMER, REGION]),
        ],
    },
    Scene {
        service: "shipping",
        operations: &[
            operation("QuoteRates", &[CARRIER]),
            operation("CreateLabel", &[CARRIER, ORDER]),
            operation("SchedulePickup", &[CARRIER, REGION]),
        ],
    },
    Scene {
        service: "notification",
        operations: &[operation("SendConfirmation", &[CHANNEL, CUSTOMER]), operation("RenderTemplate", &[])],
    },
];

/// The tags of one span; a span that failed says why.
pub(crate) fn draw_tags(
    dice: &mut Dice,
    operation: &Operation,
    status: Status,
) -> Vec<(&'static str, String)> {
    let mut tags = Vec::with_capacity(operation.tags.len() + 1);
    for tag in operation.tags {
        let value = match tag.value {
            Value::Fixed(value) => value.to_owned(),
            Value::OneOf(values) => (*dice.pick(values)).to_owned(),
            Value::Number(prefix, bound) => format!("{prefix}{}", dice.below(bound)),
        };
        tags.push((tag.key, value));
    }
    match status {
        Status::Unset | Status::Ok => {}
        Status::Error => tags.push(("error.message", (*dice.pick(&FAILURES)).to_owned())),
    }
    tags
}

const fn operation(name: &'static str, tags: &'static [Tag]) -> Operation {
    Operation { name, tags }
}

const fn tag(key: &'static str, value: Value) -> Tag {
    Tag { key, value }
}
