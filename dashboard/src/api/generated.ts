// Made from api/openapi.yaml by `npm run types`. Not to be changed by hand.

export type components = {
    schemas: {
        /** @description Unix nanoseconds in digits, as text. */
        Nanos: string;
        Count: number;
        Numbers: number[];
        Names: string[];
        /** @enum {string} */
        LimitedBy: "time" | "memory" | "disk";
        Info: {
            epoch: string;
            now_ns: components["schemas"]["Nanos"];
            version: string;
            features: components["schemas"]["Names"];
            window_ns: components["schemas"]["Count"];
            effective_window_ns: components["schemas"]["Count"];
            limited_by: components["schemas"]["LimitedBy"];
            oldest_ns: string | null;
            newest_ns: string | null;
            traces: components["schemas"]["Count"];
            spans: components["schemas"]["Count"];
            stale_spans: components["schemas"]["Count"];
            repeated_spans: components["schemas"]["Count"];
            refused_batches: components["schemas"]["Count"];
            memory_bytes: components["schemas"]["Count"];
            memory_bytes_max: components["schemas"]["Count"];
            disk_bytes: components["schemas"]["Count"];
            disk_bytes_max: components["schemas"]["Count"];
            points_max: components["schemas"]["Count"];
            spans_max: components["schemas"]["Count"];
            services: components["schemas"]["Names"];
        };
        Points: {
            epoch: string;
            now_ns: components["schemas"]["Nanos"];
            cursor: string;
            reset: boolean;
            more: boolean;
            total: components["schemas"]["Count"];
            evict_before_ns: components["schemas"]["Nanos"];
            base_ns: components["schemas"]["Nanos"];
            services: components["schemas"]["Names"];
            service_numbers: components["schemas"]["Numbers"];
            operations: components["schemas"]["Names"];
            ids: string;
            start: components["schemas"]["Numbers"];
            duration: components["schemas"]["Numbers"];
            service: components["schemas"]["Numbers"];
            operation: components["schemas"]["Numbers"];
            spans: components["schemas"]["Numbers"];
            flags: components["schemas"]["Numbers"];
            gone: string;
        };
        Stats: {
            epoch: string;
            now_ns: components["schemas"]["Nanos"];
            all: components["schemas"]["Count"];
            ok: components["schemas"]["Count"];
            error: components["schemas"]["Count"];
            traces: components["schemas"]["Count"];
            errors: components["schemas"]["Count"];
            spans: components["schemas"]["Count"];
            avg_ns: components["schemas"]["Count"];
            p50_ns: components["schemas"]["Count"];
            p95_ns: components["schemas"]["Count"];
            p99_ns: components["schemas"]["Count"];
            approximate: boolean;
            series?: components["schemas"]["Series"];
        };
        Series: {
            base_ns: components["schemas"]["Nanos"];
            step_ns: components["schemas"]["Count"];
            traces: components["schemas"]["Numbers"];
            errors: components["schemas"]["Numbers"];
        };
        Tree: {
            epoch: string;
            now_ns: components["schemas"]["Nanos"];
            trace_id: string;
            rev: string;
            expires_ns: string | null;
            base_ns: components["schemas"]["Nanos"];
            services: components["schemas"]["Names"];
            service_numbers: components["schemas"]["Numbers"];
            operations: components["schemas"]["Names"];
            id_digits: number;
            ids: string;
            parent: components["schemas"]["Numbers"];
            start: components["schemas"]["Numbers"];
            duration: components["schemas"]["Numbers"];
            service: components["schemas"]["Numbers"];
            operation: components["schemas"]["Numbers"];
            kind: components["schemas"]["Numbers"];
            flags: components["schemas"]["Numbers"];
            events: components["schemas"]["Numbers"];
            links: components["schemas"]["Numbers"];
        };
        TreeUnchanged: {
            epoch: string;
            now_ns: components["schemas"]["Nanos"];
            trace_id: string;
            rev: string;
            expires_ns: string | null;
            /** @constant */
            unchanged: true;
        };
        /** @description OTLP's JSON for a value; an empty object is no value. */
        AnyValue: {
            stringValue?: string;
            intValue?: string | number;
            doubleValue?: number | string;
            boolValue?: boolean;
            bytesValue?: string;
            arrayValue?: {
                values?: components["schemas"]["AnyValue"][];
            };
            kvlistValue?: {
                values?: components["schemas"]["Attribute"][];
            };
        };
        Attribute: {
            key: string;
            value: components["schemas"]["AnyValue"];
        };
        Attributes: components["schemas"]["Attribute"][];
        SpanEvent: {
            time_ns: components["schemas"]["Nanos"];
            name: string;
            attributes: components["schemas"]["Attributes"];
            dropped_attributes: components["schemas"]["Count"];
        };
        SpanLink: {
            trace_id: string;
            span_id: string;
            trace_state: string;
            flags: components["schemas"]["Count"];
            attributes: components["schemas"]["Attributes"];
            dropped_attributes: components["schemas"]["Count"];
        };
        Resource: {
            attributes: components["schemas"]["Attributes"];
            dropped_attributes: components["schemas"]["Count"];
            schema_url: string;
        };
        Scope: {
            name: string;
            version: string;
            attributes: components["schemas"]["Attributes"];
            dropped_attributes: components["schemas"]["Count"];
            schema_url: string;
        };
        SpanStatus: {
            /** @enum {integer} */
            code: 0 | 1 | 2;
            message: string;
        };
        Span: {
            trace_id: string;
            span_id: string;
            parent_span_id: string | null;
            service: string;
            operation: string;
            kind: number;
            flags: components["schemas"]["Count"];
            trace_state: string;
            start_ns: components["schemas"]["Nanos"];
            end_ns: components["schemas"]["Nanos"];
            status: components["schemas"]["SpanStatus"];
            attributes: components["schemas"]["Attributes"];
            dropped_attributes: components["schemas"]["Count"];
            events: components["schemas"]["SpanEvent"][];
            dropped_events: components["schemas"]["Count"];
            links: components["schemas"]["SpanLink"][];
            dropped_links: components["schemas"]["Count"];
            resource: components["schemas"]["Resource"] | null;
            scope: components["schemas"]["Scope"] | null;
        };
        SpanAnswer: {
            epoch: string;
            now_ns: components["schemas"]["Nanos"];
            span: components["schemas"]["Span"];
        };
        SpansAnswer: {
            epoch: string;
            now_ns: components["schemas"]["Nanos"];
            spans: components["schemas"]["Span"][];
        };
        SearchAnswer: {
            epoch: string;
            now_ns: components["schemas"]["Nanos"];
            rev: string;
            matches: components["schemas"]["Numbers"];
            truncated: boolean;
        };
        /** @description The contract's. The dashboard makes the time text before it parses the answer. */
        TraceSummary: {
            trace_id: string;
            root_service: string;
            root_operation: string;
            span_count: components["schemas"]["Count"];
            duration_ms: components["schemas"]["Count"];
            start_time: components["schemas"]["Nanos"];
            /** @enum {string} */
            status: "ok" | "error";
        };
        TraceList: {
            traces: components["schemas"]["TraceSummary"][];
            total: components["schemas"]["Count"];
        };
        ContractSpan: {
            trace_id: string;
            span_id: string;
            parent_span_id?: string | null;
            service: string;
            operation: string;
            start_time: components["schemas"]["Nanos"];
            end_time: components["schemas"]["Nanos"];
            /** @enum {string} */
            status: "ok" | "error";
            tags?: {
                [key: string]: string;
            } | null;
        };
        ContractTrace: {
            trace_id: string;
            spans: components["schemas"]["ContractSpan"][];
        };
        Health: {
            /** @constant */
            status: "ok";
            window?: {
                requested_seconds: number;
                effective_seconds: number;
                limited_by: components["schemas"]["LimitedBy"];
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
};
export type Nanos = components['schemas']['Nanos'];
export type Count = components['schemas']['Count'];
export type Numbers = components['schemas']['Numbers'];
export type Names = components['schemas']['Names'];
export type LimitedBy = components['schemas']['LimitedBy'];
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
export type TraceSummary = components['schemas']['TraceSummary'];
export type TraceList = components['schemas']['TraceList'];
export type ContractSpan = components['schemas']['ContractSpan'];
export type ContractTrace = components['schemas']['ContractTrace'];
export type Health = components['schemas']['Health'];
