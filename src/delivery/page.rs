//! The short pages that people see where no feed is.

use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};

use super::payload::Payload;

/// What is allowed where not everything is.
pub(super) const METHODS: &str = "GET, HEAD, OPTIONS";

/// A page that says in a sentence why there is no feed.
pub(super) fn page(status: StatusCode) -> Response<Payload> {
    let (sentence, keep) = match status {
        StatusCode::MOVED_PERMANENTLY => ("This feed has another address.", "max-age=3600"),
        StatusCode::FOUND => ("The feeds are at another address.", "max-age=60"),
        StatusCode::NOT_FOUND => ("There is no feed at this address.", "max-age=60"),
        StatusCode::GONE => ("This feed is gone for good: you can remove it from your reader.", "max-age=3600"),
        StatusCode::METHOD_NOT_ALLOWED => ("Feeds can only be read.", "no-store"),
        StatusCode::URI_TOO_LONG => ("The address is too long.", "no-store"),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => ("The request says too much.", "no-store"),
        StatusCode::NOT_ACCEPTABLE => ("The request refuses every form in which the feed could be sent.", "no-store"),
        StatusCode::PRECONDITION_FAILED => ("The feed is not as the request wants it.", "no-store"),
        StatusCode::SERVICE_UNAVAILABLE => ("Too much is asked for at once. Try again in a moment.", "no-store"),
        StatusCode::INTERNAL_SERVER_ERROR => ("The feed cannot be read at the moment.", "no-store"),
        _ => ("The request makes no sense.", "no-store"),
    };
    let mut response = Response::new(Payload::from(html(status, sentence)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static(METHODS));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

fn html(status: StatusCode, sentence: &str) -> String {
    let title = status.canonical_reason().unwrap_or("Error");
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<h1>{title}</h1>\n<p>{sentence}</p>\n</html>\n"
    )
}
