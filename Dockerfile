# The program alone: no shell, no system around it. See docs/install.md.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=devel
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.stampedVersion=$VERSION" -o /out/parley ./cmd/parley
RUN mkdir -m 700 /out/data && mkdir -m 1777 /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/parley /usr/bin/parley
COPY --from=build /out/tmp /tmp
COPY --from=build --chown=10001:10001 /out/data /data
USER 10001:10001
WORKDIR /data
VOLUME /data
ENV HOME=/data
EXPOSE 8001 7275
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/parley"]
CMD ["serve", "--data", "/data", "--listen", "plain://0.0.0.0:8001", "--listen", "http://0.0.0.0:7275"]
