//! The floor of HTTP: `hyper` alone, which answers every request with the same file, as fast as it can.
//!
//! `hello --listen HOST:PORT --body FILE [--gzip] [--threads N] [--shared]`. The fields are those of a feed. A request with
//! `If-None-Match` gets a `304`. Each thread has a runtime of its own and the connections come to them in turn, or all share one runtime
//! (`--shared`).

use std::convert::Infallible;
use std::future::pending;
use std::process::ExitCode;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use syndicated_bench::args::Args;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Handle};

const OF_BOTH: [(&str, &str); 5] = [
    ("etag", "\"3bfc06901ce21305b212d469bd95a894\""),
    ("cache-control", "max-age=60"),
    ("last-modified", "Mon, 30 Nov 2026 04:12:58 GMT"),
    ("vary", "A-IM, Accept-Encoding"),
    ("access-control-allow-origin", "*"),
];
const OF_THE_WHOLE: [(&str, &str); 4] = [
    ("access-control-expose-headers", "ETag, IM, Link"),
    ("content-type", "application/rss+xml; charset=utf-8"),
    ("link", "<http://127.0.0.1/feeds/k5/rss.xml>; rel=\"self\""),
    ("x-content-type-options", "nosniff"),
];

struct Answers {
    not_modified: HeaderMap,
    whole: HeaderMap,
    body: Bytes,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hello: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = Args::from_env();
    let address: String = args.option("--listen")?.ok_or("--listen HOST:PORT is needed")?;
    let body = Bytes::from(std::fs::read(args.path("--body")?)?);
    let (is_gzip, is_shared) = (args.flag("--gzip"), args.flag("--shared"));
    let threads = args.option("--threads")?.unwrap_or(2);
    args.finish()?;
    let field = |(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
    let not_modified: HeaderMap = OF_BOTH.into_iter().map(field).collect();
    let mut whole: HeaderMap = OF_BOTH.into_iter().chain(OF_THE_WHOLE).map(field).collect();
    if is_gzip {
        whole.insert("content-encoding", HeaderValue::from_static("gzip"));
    }
    let answers = Arc::new(Answers { not_modified, whole, body });
    if is_shared {
        let runtime = Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
        return runtime.block_on(async {
            let listener = TcpListener::bind(address).await?;
            loop {
                let (stream, _) = listener.accept().await?;
                tokio::spawn(serve(stream, Arc::clone(&answers)));
            }
        });
    }
    let workers = (0..threads).map(|_| worker()).collect::<Result<Vec<_>, _>>()?;
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind(address).await?;
        for worker in workers.iter().cycle() {
            let stream = listener.accept().await?.0.into_std()?;
            let answers = Arc::clone(&answers);
            worker.spawn(async move {
                if let Ok(stream) = TcpStream::from_std(stream) {
                    serve(stream, answers).await;
                }
            });
        }
        Ok(())
    })
}

/// A thread with a runtime of its own.
fn worker() -> Result<Handle, std::io::Error> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    std::thread::spawn(move || runtime.block_on(pending::<()>()));
    Ok(handle)
}

async fn serve(stream: TcpStream, answers: Arc<Answers>) {
    let service = service_fn(|request: Request<Incoming>| {
        let has_it = request.headers().contains_key(IF_NONE_MATCH);
        let mut response = Response::new(Full::new(if has_it { Bytes::new() } else { answers.body.clone() }));
        response.headers_mut().clone_from(if has_it { &answers.not_modified } else { &answers.whole });
        if has_it {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        std::future::ready(Ok::<_, Infallible>(response))
    });
    let _ = stream.set_nodelay(true);
    let _ = http1::Builder::new().header_read_timeout(None).serve_connection(TokioIo::new(stream), service).await;
}
