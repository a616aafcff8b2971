//! The floor: the same number of `POST`s by a bare `hyper` client, with nothing to look up, sign, keep or decide.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::Result;
use super::hub::host;

/// As many requests as the hub has under way.
const AT_ONCE: usize = 256;
/// As many as it has with one host.
const OF_HOST: usize = 8;

/// Posts so many bytes to so many callbacks, and prints the seconds that it took.
pub(crate) fn run(port: u16, subscribers: usize, hosts: usize, bytes: usize) -> Result<()> {
    let body = Bytes::from(vec![b'x'; bytes]);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let connections = AT_ONCE.min(hosts * OF_HOST);
    let took = runtime.block_on(async move {
        let began = Instant::now();
        let workers: Vec<_> = (0..connections)
            .map(|worker| tokio::spawn(post(port, worker, connections, subscribers, hosts, body.clone())))
            .collect();
        for worker in workers {
            worker.await??;
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(began.elapsed())
    });
    println!("{}", took.map_err(|error| error.to_string())?.as_secs_f64());
    Ok(())
}

/// One connection at a time, kept while the host is the same.
async fn post(
    port: u16,
    worker: usize,
    of: usize,
    subscribers: usize,
    hosts: usize,
    body: Bytes,
) -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut open: Option<(Ipv4Addr, http1::SendRequest<Full<Bytes>>)> = None;
    // All callbacks of a host that are this worker's come one after the other.
    let mut own: Vec<usize> = (worker..subscribers).step_by(of).collect();
    own.sort_by_key(|n| n % hosts);
    for n in own {
        let address = host(n % hosts);
        let mut sender = match open.take() {
            Some((at, sender)) if at == address && !sender.is_closed() => sender,
            _ => {
                let stream = TcpStream::connect(SocketAddr::new(address.into(), port)).await?;
                stream.set_nodelay(true)?;
                let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
                tokio::spawn(async move { drop(connection.await) });
                sender
            }
        };
        let request =
            Request::post(format!("/{n}")).header("host", address.to_string()).body(Full::new(body.clone()))?;
        let mut response = sender.send_request(request).await?;
        while let Some(frame) = response.frame().await {
            frame?;
        }
        sender.ready().await?;
        open = Some((address, sender));
    }
    Ok(())
}
