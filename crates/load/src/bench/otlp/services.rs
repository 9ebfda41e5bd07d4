//! The services of a made-up shop that send spans, with their endpoints and resources.

/// A service that sends spans. Every trace begins in the first service of [`SERVICES`].
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) address: &'static str,
    pub(super) scope: &'static str,
    /// The attributes of its resource, except `service.name`.
    pub(super) resource: &'static [(&'static str, &'static str)],
    pub(super) endpoints: &'static [Endpoint],
}

pub(super) struct Endpoint {
    pub(super) method: &'static str,
    /// The path of the endpoint, with `{id}` for an id.
    pub(super) route: &'static str,
    pub(super) function: &'static str,
    /// The SQL statement: the part before its parameter, and the part after it.
    pub(super) statement: [&'static str; 2],
}

pub(super) const SERVICES: [Service; 5] = [
    Service {
        name: "gateway",
        address: "shop.example.com",
        scope: "io.opentelemetry.spring-webmvc-6.0",
        resource: &[
            ("service.namespace", "shop"),
            ("service.version", "2.14.0"),
            ("service.instance.id", "627cc493-f310-47de-96bd-71410b7dec09"),
            ("deployment.environment.name", "production"),
            ("host.name", "gateway-6c9d7b5f4-x2k8p"),
            ("telemetry.sdk.language", "java"),
            ("telemetry.sdk.name", "opentelemetry"),
        ],
        endpoints: &[
            endpoint(
                "POST",
                "/checkout",
                "com.example.shop.CheckoutController.checkout",
                ["SELECT id, state FROM carts WHERE customer_id = ", " AND state <> 'closed'"],
            ),
            endpoint(
                "GET",
                "/orders/{id}",
                "com.example.shop.OrderController.show",
                ["SELECT * FROM sessions WHERE customer_id = ", ""],
            ),
            endpoint(
                "GET",
                "/products",
                "com.example.shop.ProductController.list",
                ["SELECT id, title, price FROM products WHERE category_id = ", " ORDER BY rank LIMIT 50"],
            ),
        ],
    },
    Service {
        name: "orders",
        address: "orders.shop.svc.cluster.local",
        scope: "io.opentelemetry.jdbc",
        resource: &[
            ("service.namespace", "shop"),
            ("service.version", "1.42.0"),
            ("service.instance.id", "1d1a8cf0-9c53-4d0e-8f3b-0a0c6f6b7a11"),
            ("deployment.environment.name", "production"),
            ("host.name", "orders-7f8c6d9b5-qwz4n"),
            ("telemetry.sdk.language", "java"),
        ],
        endpoints: &[
            endpoint(
                "POST",
                "/orders",
                "com.example.orders.OrderService.create",
                ["INSERT INTO orders (customer_id, state, total) VALUES (", ", 'new', $1) RETURNING id"],
            ),
            endpoint(
                "GET",
                "/orders/{id}",
                "com.example.orders.OrderService.find",
                ["SELECT id, state, total FROM orders WHERE customer_id = ", " AND state <> 'shipped'"],
            ),
            endpoint(
                "PATCH",
                "/orders/{id}",
                "com.example.orders.OrderService.update",
                ["UPDATE orders SET state = 'paid' WHERE customer_id = ", ""],
            ),
        ],
    },
    Service {
        name: "inventory",
        address: "inventory.shop.svc.cluster.local",
        scope: "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp",
        resource: &[
            ("service.namespace", "shop"),
            ("service.version", "0.9.3"),
            ("host.name", "inventory-5b7d8c9f6-7hj2m"),
            ("os.type", "linux"),
            ("telemetry.sdk.language", "go"),
            ("telemetry.sdk.name", "opentelemetry"),
        ],
        endpoints: &[
            endpoint(
                "PUT",
                "/stock/{id}",
                "inventory/stock.(*Store).Reserve",
                ["UPDATE stock SET reserved = reserved + 1 WHERE warehouse_id = ", " AND available > 0"],
            ),
            endpoint(
                "GET",
                "/stock/{id}",
                "inventory/stock.(*Store).Level",
                ["SELECT available, reserved FROM stock WHERE warehouse_id = ", ""],
            ),
        ],
    },
    Service {
        name: "payment",
        address: "payment.shop.svc.cluster.local",
        scope: "@opentelemetry/instrumentation-http",
        resource: &[
            ("service.namespace", "shop"),
            ("service.version", "3.1.7"),
            ("process.runtime.name", "nodejs"),
            ("process.runtime.version", "24.4.0"),
            ("host.name", "payment-84c5f7d6b-kd9xv"),
            ("telemetry.sdk.language", "nodejs"),
            ("telemetry.sdk.version", "2.2.0"),
        ],
        endpoints: &[
            endpoint(
                "POST",
                "/payments",
                "PaymentService.authorize",
                ["INSERT INTO payments (merchant_id, state) VALUES (", ", 'authorized')"],
            ),
            endpoint(
                "POST",
                "/payments/{id}/capture",
                "PaymentService.capture",
                ["SELECT * FROM payments WHERE merchant_id = ", " FOR UPDATE"],
            ),
        ],
    },
    Service {
        name: "shipping",
        address: "shipping.shop.svc.cluster.local",
        scope: "opentelemetry.instrumentation.flask",
        resource: &[
            ("service.namespace", "shop"),
            ("service.version", "2026.11.2"),
            ("deployment.environment.name", "production"),
            ("host.name", "shipping-6d4f9b8c7-zt5rw"),
            ("telemetry.sdk.language", "python"),
        ],
        endpoints: &[
            endpoint(
                "GET",
                "/rates",
                "shipping.views.rates",
                ["SELECT carrier, price FROM rates WHERE zone = ", " ORDER BY price"],
            ),
            endpoint(
                "POST",
                "/labels",
                "shipping.views.create_label",
                ["INSERT INTO labels (depot_id) VALUES (", ") RETURNING id"],
            ),
        ],
    },
];

const fn endpoint(
    method: &'static str,
    route: &'static str,
    function: &'static str,
    statement: [&'static str; 2],
) -> Endpoint {
    Endpoint { method, route, function, statement }
}
