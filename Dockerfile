# syndicated as a container: non-root, no shell, fit for a read-only root file system.
#
#   docker build -t syndicated .
#   docker run --rm --read-only --tmpfs /tmp -v "$PWD":/site:ro -v feeds:/feeds -v state:/state syndicated
#
# /site is the folder of the site (its own configuration is read, or its syndicated.toml), /feeds the output, /state what
# can be lost. Another command takes the place of `run`: `docker run … syndicated build --site /site --out /feeds --state /state`.
# A mounted folder in place of a volume must be writable by the user 65532.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin syndicated \
 && mkdir -p /empty/feeds /empty/state

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/syndicated /usr/bin/syndicated
# A fresh volume takes over the owner of the folder that it covers.
COPY --from=build --chown=65532:65532 /empty/feeds /feeds
COPY --from=build --chown=65532:65532 /empty/state /state
USER 65532:65532
VOLUME ["/feeds", "/state"]
ENTRYPOINT ["/usr/bin/syndicated"]
CMD ["run", "--site", "/site", "--out", "/feeds", "--state", "/state"]
