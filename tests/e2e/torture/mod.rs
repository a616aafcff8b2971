//! What a real machine does to a program that runs for years.

mod clock;
mod damage;
mod disk;
mod faults;
mod kill;
mod schedule;
mod victim;
mod watching;
