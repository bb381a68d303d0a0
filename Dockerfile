# Built as a static binary; run as nobody, with nothing else in the image but certificates.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
COPY packaging/without packaging/without
RUN go mod download
COPY . .
ARG VERSION=development
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /chancery ./cmd/chancery && mkdir -p /data/documents

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /chancery /chancery
COPY --from=build --chown=nonroot:nonroot /data /data
WORKDIR /data
USER nonroot
ENV CHANCERY_LISTEN=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["/chancery"]
CMD ["serve"]
