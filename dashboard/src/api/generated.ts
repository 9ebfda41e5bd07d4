// Made from crates/server/assets/openapi.yaml by `npm run types`. Not to be changed by hand.

export type components = {
    schemas: {
        Info: {
            /** @description Changes when the server restarts; cursors, revisions and service numbers from before are void then. */
            epoch: string;
            /** @description The server's clock when it answered. */
            now_ns: string;
            /** @description The server's version. */
            version: string;
            /** @description What it offers: points, stats, tree, span, search, stream. */
            features: string[];
            /** @description How far back spans are kept. */
            window_ns: number;
            /** @description How far back spans reach now, in nanoseconds. */
            effective_window_ns: number;
            /**
             * @description The limit that decides how far back spans reach.
             * @enum {string}
             */
            limited_by: "time" | "memory" | "disk";
            /** @description The start of the oldest span, about; null where none is held. */
            oldest_ns: string | null;
            /** @description The start of the newest span, about; null where none is held. */
            newest_ns: string | null;
            /** @description Traces with a root. */
            traces: number;
            /** @description Traces of which no root has arrived; a trace in flight is one for a moment. The number may be a moment old. */
            rootless_traces: number;
            /** @description Spans held. */
            spans: number;
            /** @description Spans that came too late or start too far ahead, since the start. */
            stale_spans: number;
            /** @description Spans that came again, since the start. */
            repeated_spans: number;
            /** @description Batches that were refused since the start, and that the client may send again. */
            refused_batches: number;
            /** @description Files that were found damaged since the start, and quarantined. Their spans are missing from all answers. */
            damaged_files: number;
            /** @description Memory in use for spans and indexes. */
            memory_bytes: number;
            /** @description The limit of memory_bytes. */
            memory_bytes_max: number;
            /** @description Disk in use for segments and log. */
            disk_bytes: number;
            /** @description The limit of disk_bytes. */
            disk_bytes_max: number;
            /** @description The most traces that one answer has. */
            points_max: number;
            /** @description The most spans that one request may ask for. */
            spans_max: number;
            /** @description Names of services; the index is the service number. */
            services: string[];
        };
        Points: {
            /** @description Changes when the server restarts; cursors, revisions and service numbers from before are void then. */
            epoch: string;
            /** @description The server's clock when it answered. */
            now_ns: string;
            /** @description How many damaged segments the answer does without; absent where there are none. */
            segments_left_out?: number;
            /** @description For the next question. */
            cursor: string;
            /** @description The answer has all points; the client drops what it had. */
            reset: boolean;
            /** @description There are more changes; ask again at once. */
            more: boolean;
            /** @description Traces with a root that match now. */
            total: number;
            /** @description Rootless traces that match now, or did a moment ago. */
            rootless: number;
            /** @description Traces whose root starts before have left; so have rootless traces whose point does. */
            evict_before_ns: string;
            /** @description Offsets count from here. */
            base_ns: string;
            /** @description Names of services; columns refer to them by index. */
            services: string[];
            /** @description For each of the services a number that stays the same for the epoch. */
            service_numbers: number[];
            /** @description Names of operations; columns refer to them by index. */
            operations: string[];
            /** @description Trace ids, 32 digits each, joined. */
            ids: string;
            /** @description The roots' starts, as offsets in nanoseconds. */
            start: number[];
            /** @description The roots' durations in nanoseconds. */
            duration: number[];
            /** @description Indexes of the roots' services. */
            service: number[];
            /** @description Indexes of the roots' operations. */
            operation: number[];
            /** @description Spans of each trace so far. */
            spans: number[];
            /** @description A sum: 1 where a span failed, 2 where the root did, 4 where the trace is rootless: start, duration, service and operation are those of its earliest span. */
            flags: number[];
            /** @description Joined ids of traces that have changed and no longer match. */
            gone: string;
        };
        Stats: {
            /** @description Changes when the server restarts; cursors, revisions and service numbers from before are void then. */
            epoch: string;
            /** @description The server's clock when it answered. */
            now_ns: string;
            /** @description How many damaged segments the answer does without; absent where there are none. */
            segments_left_out?: number;
            /** @description Traces of the range. */
            all: number;
            /** @description Traces of the range without a failed span. */
            ok: number;
            /** @description Traces of the range with a failed span. */
            error: number;
            /** @description Traces that match the filter. */
            traces: number;
            /** @description Traces that match the filter and have a failed span. */
            errors: number;
            /** @description Spans of the traces that match. */
            spans: number;
            /** @description The average duration of the roots. */
            avg_ns: number;
            /** @description Half of the roots take no longer. */
            p50_ns: number;
            /** @description 95 of 100 roots take no longer. */
            p95_ns: number;
            /** @description 99 of 100 roots take no longer. */
            p99_ns: number;
            /** @description The percentiles may be off by up to 0.1 %, because there are more than 1,048,576 traces. */
            approximate: boolean;
            /** @description Where parts were asked for. */
            series?: components["schemas"]["Series"];
        };
        /** @description Traces that match by when they start, in equal parts of the range. */
        Series: {
            /** @description Offsets count from here. */
            base_ns: string;
            /** @description The length of a part. */
            step_ns: number;
            /** @description Traces of each part. */
            traces: number[];
            /** @description Traces of each part with a failed span. */
            errors: number[];
        };
        Tree: {
            /** @description Changes when the server restarts; cursors, revisions and service numbers from before are void then. */
            epoch: string;
            /** @description The server's clock when it answered. */
            now_ns: string;
            /** @description How many damaged segments the answer does without; absent where there are none. */
            segments_left_out?: number;
            /** @description 32 hexadecimal digits. */
            trace_id: string;
            /** @description Another text when a span was added. */
            rev: string;
            /** @description When the root leaves the window by time; null where there is none. */
            expires_ns: string | null;
            /** @description Offsets count from here. */
            base_ns: string;
            /** @description Names of services; columns refer to them by index. */
            services: string[];
            /** @description For each of the services a number that stays the same for the epoch. */
            service_numbers: number[];
            /** @description Names of operations; columns refer to them by index. */
            operations: string[];
            /** @description Digits of one id: 16 where the first 8 bytes of all are zero. */
            id_digits: number;
            /** @description Span ids, joined. */
            ids: string;
            /** @description The index of the parent; -1 for a span without a parent, -2 if the parent is not in the trace. */
            parent: number[];
            /** @description Offsets from the base, in nanoseconds. */
            start: number[];
            /** @description Durations in nanoseconds. */
            duration: number[];
            /** @description Indexes of services. */
            service: number[];
            /** @description Places in the operations. */
            operation: number[];
            /** @description OpenTelemetry's number; an empty column is 0 everywhere. */
            kind: number[];
            /** @description A sum: 1 where it failed. */
            flags: number[];
            /** @description How many events each has; empty is 0 everywhere. */
            events: number[];
            /** @description How many links each has; empty is 0 everywhere. */
            links: number[];
        };
        TreeUnchanged: {
            /** @description Changes when the server restarts; cursors, revisions and service numbers from before are void then. */
            epoch: string;
            /** @description The server's clock when it answered. */
            now_ns: string;
            /** @description How many damaged segments the answer does without; absent where there are none. */
            segments_left_out?: number;
            /** @description 32 hexadecimal digits. */
            trace_id: string;
            /** @description Another text when a span was added. */
            rev: string;
            /** @description When the root leaves the window by time; null where there is none. */
            expires_ns: string | null;
            /**
             * @description The client has the tree already.
             * @constant
             */
            unchanged: true;
        };
        /** @description OTLP's JSON for a value; an empty object is no value. */
        AnyValue: {
            /** @description A text. */
            stringValue?: string;
            /** @description An integer of 64 bits, as text. */
            intValue?: string | number;
            /** @description A number; a text where it is none. */
            doubleValue?: number | string;
            /** @description A truth value. */
            boolValue?: boolean;
            /** @description Bytes in base64. */
            bytesValue?: string;
            /** @description A list of values. */
            arrayValue?: {
                /** @description In their order. */
                values?: components["schemas"]["AnyValue"][];
            };
            /** @description Keys and values. */
            kvlistValue?: {
                /** @description In their order. */
                values?: components["schemas"]["Attribute"][];
            };
        };
        Attribute: {
            /** @description The name of the attribute. */
            key: string;
            /** @description Its value. */
            value: components["schemas"]["AnyValue"];
        };
        /** @description Keys and values. */
        Attributes: components["schemas"]["Attribute"][];
        SpanEvent: {
            /** @description When it happened. */
            time_ns: string;
            /** @description Its name. */
            name: string;
            /** @description Keys and values. */
            attributes: components["schemas"]["Attributes"];
            /** @description How many the sender has left out. */
            dropped_attributes: number;
        };
        SpanLink: {
            /** @description 32 hexadecimal digits. */
            trace_id: string;
            /** @description 16 hexadecimal digits, or 32. */
            span_id: string;
            /** @description W3C's trace state. */
            trace_state: string;
            /** @description OpenTelemetry's flags. */
            flags: number;
            /** @description Keys and values. */
            attributes: components["schemas"]["Attributes"];
            /** @description How many the sender has left out. */
            dropped_attributes: number;
        };
        /** @description The resource: what sent the span. */
        Resource: {
            /** @description Keys and values. */
            attributes: components["schemas"]["Attributes"];
            /** @description How many the sender has left out. */
            dropped_attributes: number;
            /** @description Where its names are defined. */
            schema_url: string;
        };
        /** @description The instrumentation scope: what created the span. */
        Scope: {
            /** @description Its name. */
            name: string;
            /** @description Its version. */
            version: string;
            /** @description Keys and values. */
            attributes: components["schemas"]["Attributes"];
            /** @description How many the sender has left out. */
            dropped_attributes: number;
            /** @description Where its names are defined. */
            schema_url: string;
        };
        /** @description How it ended. */
        SpanStatus: {
            /**
             * @description 0 unset, 1 ok, 2 error.
             * @enum {integer}
             */
            code: 0 | 1 | 2;
            /** @description What the sender said of it. */
            message: string;
        };
        /** @description The span. */
        Span: {
            /** @description 32 hexadecimal digits. */
            trace_id: string;
            /** @description 16 hexadecimal digits, or 32. */
            span_id: string;
            /** @description Null on a span without a parent. */
            parent_span_id: string | null;
            /** @description The service that sent the span. */
            service: string;
            /** @description What it did. */
            operation: string;
            /** @description OpenTelemetry's number. */
            kind: number;
            /** @description OpenTelemetry's flags. */
            flags: number;
            /** @description W3C's trace state. */
            trace_state: string;
            /** @description When it began. */
            start_ns: string;
            /** @description When it ended. */
            end_ns: string;
            /** @description How it ended. */
            status: components["schemas"]["SpanStatus"];
            /** @description Keys and values. */
            attributes: components["schemas"]["Attributes"];
            /** @description How many the sender has left out. */
            dropped_attributes: number;
            /** @description In their order. */
            events: components["schemas"]["SpanEvent"][];
            /** @description How many the sender has left out. */
            dropped_events: number;
            /** @description In their order. */
            links: components["schemas"]["SpanLink"][];
            /** @description How many the sender has left out. */
            dropped_links: number;
            /** @description The resource that sent the span; null if the sender named none. */
            resource: components["schemas"]["Resource"] | null;
            /** @description The instrumentation scope; null if the sender named none. */
            scope: components["schemas"]["Scope"] | null;
        };
        SpanAnswer: {
            /** @description Changes when the server restarts; cursors, revisions and service numbers from before are void then. */
            epoch: string;
            /** @description The server's clock when it answered. */
            now_ns: string;
            /** @description How many damaged segments the answer does without; absent where there are none. */
            segments_left_out?: number;
            /** @description The span. */
            span: components["schemas"]["Span"];
        };
        SpansAnswer: {
            /** @description Changes when the server restarts; cursors, revisions and service numbers from before are void then. */
            epoch: string;
            /** @description The server's clock when it answered. */
            now_ns: string;
            /** @description How many damaged segments the answer does without; absent where there are none. */
            segments_left_out?: number;
            /** @description In the order asked for. */
            spans: components["schemas"]["Span"][];
        };
        SearchAnswer: {
            /** @description Changes when the server restarts; cursors, revisions and service numbers from before are void then. */
            epoch: string;
            /** @description The server's clock when it answered. */
            now_ns: string;
            /** @description How many damaged segments the answer does without; absent where there are none. */
            segments_left_out?: number;
            /** @description Another text when a span was added. */
            rev: string;
            /** @description Places in the tree of the same revision. */
            matches: number[];
            /** @description There are more than the answer holds. */
            truncated: boolean;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
};
export type Info = components['schemas']['Info'];
export type Points = components['schemas']['Points'];
export type Stats = components['schemas']['Stats'];
export type Series = components['schemas']['Series'];
export type Tree = components['schemas']['Tree'];
export type TreeUnchanged = components['schemas']['TreeUnchanged'];
export type AnyValue = components['schemas']['AnyValue'];
export type Attribute = components['schemas']['Attribute'];
export type Attributes = components['schemas']['Attributes'];
export type SpanEvent = components['schemas']['SpanEvent'];
export type SpanLink = components['schemas']['SpanLink'];
export type Resource = components['schemas']['Resource'];
export type Scope = components['schemas']['Scope'];
export type SpanStatus = components['schemas']['SpanStatus'];
export type Span = components['schemas']['Span'];
export type SpanAnswer = components['schemas']['SpanAnswer'];
export type SpansAnswer = components['schemas']['SpansAnswer'];
export type SearchAnswer = components['schemas']['SearchAnswer'];
