#!/usr/bin/env bash
# Makes certificates for the mail server of the tests.
#
#     tests/services/make_certificates.sh FOLDER
#
# ca.pem              the company's own CA
# server.pem .key     for localhost and 127.0.0.1, signed by it
# wrong-name.pem .key for mail.example.com, signed by it
# expired.pem .key    for localhost, signed by it, no longer valid
# other-ca.pem        a CA that signed none of them
set -euo pipefail
mkdir -p "$1"
cd "$1"
quiet() { "$@" 2>>openssl.log; }

authority() { # FILE NAME
    quiet openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
        -keyout "$1.key" -out "$1.pem" -subj "/CN=$2" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}

server() { # FILE NAMES NOT_AFTER
    quiet openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -keyout "$1.key" -out "$1.csr" -subj "/CN=$1"
    # `openssl ca` and not `openssl x509`: only it can date a certificate back
    : >index.txt
    mkdir -p issued
    cat >ca.cnf <<CONF
[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = issued
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
x509_extensions = server
[any]
commonName = supplied
[server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = $2
CONF
    quiet openssl ca -batch -notext -config ca.cnf -in "$1.csr" -out "$1.pem" \
        -startdate 20200101000000Z -enddate "$3"
    rm -rf "$1.csr" index.txt* ca.cnf issued
}

authority ca "hedui test CA"
authority other-ca "another CA"
server server DNS:localhost,IP:127.0.0.1 20491231235959Z
server wrong-name DNS:mail.example.com 20491231235959Z
server expired DNS:localhost,IP:127.0.0.1 20210101000000Z
