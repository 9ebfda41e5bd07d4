# syntax=docker/dockerfile:1
FROM node:22-alpine AS dashboard
WORKDIR /src/dashboard
COPY dashboard .
RUN --mount=type=cache,target=/npm npm ci --cache /npm && npm run build

FROM node:22-alpine AS reference
WORKDIR /src
COPY crates/server/reference .
RUN --mount=type=cache,target=/npm npm ci --cache /npm --ignore-scripts

FROM rust:1.95.0-alpine AS build
RUN apk add --no-cache gcc make musl-dev
WORKDIR /src
# The image's toolchain is the one that rust-toolchain.toml asks for, without the parts for development.
ENV RUSTUP_TOOLCHAIN=1.95.0
COPY . .
COPY --from=dashboard /src/dashboard/dist dashboard/dist
COPY --from=reference /src/node_modules crates/server/reference/node_modules
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin traced && cp target/release/traced /traced

# The binary is static; Alpine adds the wget that the health check calls.
FROM alpine:3.22
RUN adduser -D -H -u 10001 traced && install -d -o 10001 /data
COPY --from=build /traced /usr/local/bin/traced
USER 10001
ENV TRACED_LISTEN=:8080 TRACED_OTLP_GRPC=:4317 TRACED_OTLP_HTTP=:4318 TRACED_DATA_DIR=/data
VOLUME /data
EXPOSE 8080 4317 4318
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s \
    CMD wget -q -O /dev/null http://127.0.0.1:8080/health || exit 1
ENTRYPOINT ["/usr/local/bin/traced"]
CMD ["serve"]
