//! `traced serve`: sets up logs and signals, and runs the server.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::ArgMatches;
use platform::{SystemClock, process};
use server::{Config, ServeArgs, Server};
use tokio::signal::unix::{SignalKind, signal};
use tracing::level_filters::LevelFilter;
use tracing::{error, info, warn};

use crate::logs::{LogFormat, Logs};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Least severe level that is logged to stderr: error, warn, info, debug or trace; `off` logs nothing
    #[arg(long, env = "TRACED_LOG", value_name = "LEVEL", default_value = "info")]
    log: LevelFilter,

    /// Format of the log
    #[arg(long, env = "TRACED_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    log_format: LogFormat,

    // The last field, because in the help text its headings would also cover all options after it.
    #[command(flatten)]
    serve: ServeArgs,
}

impl Args {
    /// Settles what flags and variables say about the place of the spans.
    ///
    /// # Errors
    /// If two flags contradict each other; returns the one that contradicts `--in-memory`.
    pub(crate) fn settle_place(&mut self, matches: &ArgMatches) -> Result<(), &'static str> {
        self.serve.settle_place(matches)
    }
}

pub(crate) fn run(args: Args) -> ExitCode {
    let logs = Logs::start(args.log, args.log_format);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            error!(%error, "cannot start the threads of the async runtime");
            return ExitCode::FAILURE;
        }
    };
    let mut config = Config::from(args.serve);
    fit_open_files(&mut config);
    runtime.block_on(async {
        tokio::select! {
            code = serve(config) => code,
            () = logs.report_dropped() => unreachable!("it does not end"),
        }
    })
}

/// Raises the limit of open files, and lowers that of connections if it is still too high for it.
fn fit_open_files(config: &mut Config) {
    let Some(open_files_max) = process::raise_open_files_max() else { return };
    if config.limits.fit_open_files(open_files_max) {
        warn!(
            open_files_max,
            connections_max = config.limits.connections_max,
            "the limit of open files leaves room for fewer connections than --connections-max; raise it with ulimit -n, \
             LimitNOFILE= of systemd or --ulimit nofile= of Docker"
        );
    }
}

async fn serve(config: Config) -> ExitCode {
    let window = config.store.window;
    let stop = match stop_signal() {
        Ok(stop) => stop,
        Err(error) => {
            error!(%error, "cannot install the handlers of SIGTERM and SIGINT");
            return ExitCode::FAILURE;
        }
    };
    let server = match Server::bind(config, Arc::new(SystemClock)).await {
        Ok(server) => server,
        Err(error) => {
            error!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match server.address() {
        Ok(address) => announce(address, window, server.receivers()),
        Err(error) => warn!(%error, "the server runs, but cannot find out the address that it listens on"),
    }
    server.run(stop).await;
    info!("stopped");
    ExitCode::SUCCESS
}

fn announce(address: SocketAddr, window: std::time::Duration, receivers: &[(&str, SocketAddr)]) {
    let window = humantime::format_duration(window);
    // The one line for a person, or for a script that waits for the address. Without a reader there is nobody to tell.
    drop(writeln!(io::stdout(), "traced listens on http://{address} and keeps the last {window}"));
    for (protocol, address) in receivers {
        info!(%address, "accepting {protocol}");
    }
    for address in receivers.iter().map(|(_, address)| address).chain([&address]) {
        if !address.ip().is_loopback() {
            warn!(%address, "everyone who reaches this address can read and write spans: there is no authentication");
        }
    }
}

/// Installs the handlers of SIGTERM and SIGINT, and returns a future that ends at the first of these signals.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => info!("SIGTERM: stopping"),
            _ = interrupt.recv() => info!("SIGINT: stopping"),
        }
    })
}
