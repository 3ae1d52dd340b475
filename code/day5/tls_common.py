"""TLS 的实验共用：给 localhost 自签一张证书，和用它的两个 context。

局限：  自签的证书只有手里有它的人才信。没有 openssl 命令的机器，用下面现成的一张：
        私钥印在书里，人人都知道，所以只能做实验，决不要让系统信任它。
"""
import os
import ssl
import subprocess

COMMAND = """
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 7
    -subj /CN=localhost -addext subjectAltName=DNS:localhost
"""


def certificate(folder):
    cert, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    command = [*COMMAND.split(), "-keyout", key, "-out", cert]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        write(cert, SPARE_CERT)
        write(key, SPARE_KEY)
    return cert, key


def write(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


def contexts(cert, key):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=cert)


SPARE_CERT = """-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUDrkBaLQRXBJgdsC/p0uoZFPTcFMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODAzNDUwMFoYDzIxMjYxMTA0
MDM0NTAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASSZYZxhPYIuyNpNrs32xikj7NajLDo/SJOMkRKrXJm4i/corDj5oZ1
o9FFGlu4i92lHRhX0o8lO8OGl85womT6o2kwZzAdBgNVHQ4EFgQU67MNBvX1XqUo
XAl+/AhtZ01i6+gwHwYDVR0jBBgwFoAU67MNBvX1XqUoXAl+/AhtZ01i6+gwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
RwAwRAIgAhJiGyw46NvejrMdZ6IFsJQtEWoZBqEX5zXhmHOCfkgCICKBE1YH3TCj
TH8wz7IgY7YOkLraLaDWf0Nvr2qtyrLd
-----END CERTIFICATE-----
"""
SPARE_KEY = """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNy1PM/DZdMOrMkv1
wqX1dro09p11bgT4a76ysu19Bb6hRANCAASSZYZxhPYIuyNpNrs32xikj7NajLDo
/SJOMkRKrXJm4i/corDj5oZ1o9FFGlu4i92lHRhX0o8lO8OGl85womT6
-----END PRIVATE KEY-----
"""
