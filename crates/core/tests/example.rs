//! Runs examples/token.rs against the simulated Daraja, over HTTP on loopback.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use daraja_auth_core::error::{Code, Error};
use daraja_auth_core::time::EpochMillis;
use daraja_auth_simulator::{Options, Request, Simulation};

#[allow(dead_code, reason = "its main is not called")]
#[path = "../examples/token.rs"]
mod example;

/// Answers this many requests, one after the other. Gives the address of the server.
fn serve(mut daraja: Simulation, requests: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().take(requests) {
            let mut stream = stream.unwrap();
            let head: Vec<_> =
                BufReader::new(&stream).lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
            let header = |name: &str| {
                let lines = head.iter().filter_map(|line| line.split_once(": "));
                lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
            };
            let (path, query) = head[0].split(' ').nth(1).unwrap().split_once('?').unwrap();
            let response = daraja.answer(
                EpochMillis(0),
                &Request {
                    method: "GET".into(),
                    host: header("host").unwrap(),
                    path: path.into(),
                    grant_type: query.strip_prefix("grant_type=").map(String::from),
                    authorization: header("authorization"),
                    body: String::new(),
                },
            );
            let (status, body) = (response.status, response.body);
            let length = body.len();
            write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
                .unwrap();
        }
    });
    address
}

#[test]
fn a_rust_program_gets_a_token_or_the_error() {
    let options = Options::default();
    let (key, secret) = (options.apps[0].consumer_key.clone(), options.apps[0].consumer_secret.clone());
    let address = serve(Simulation::new(options), 2);
    let token = example::ask(&key, &secret, Some(&address)).unwrap();
    assert_eq!(token.expires_in, 3599);
    assert!(token.access_token.is_valid());
    let error = example::ask(&key, "wrong", Some(&address)).unwrap_err();
    let error = error.downcast_ref::<Box<Error>>().map(|error| &**error).or(error.downcast_ref::<Error>()).unwrap();
    assert_eq!(error.code, Code::InvalidCredentials);
}
