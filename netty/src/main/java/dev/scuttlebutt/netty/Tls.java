package dev.scuttlebutt.netty;

import dev.scuttlebutt.security.Pem;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Encryption of links, with the certificates in some files: TLS 1.3 or 1.2, as the JDK does it.
 *
 * <p>Files are PEM. Certificates begin with one's own and go on with those that vouch for it; private keys are PKCS#8 of
 * any type, or PKCS#1 of RSA, without a passphrase. {@link #reload} reads them again, for connections made from then on.
 *
 * <p>A link says nothing and takes nothing before the other side has proved who it is.
 */
public final class Tls {
    private static final int MAX_FILE_BYTES = 1 << 20;

    private final boolean server;
    private final @Nullable Path authorities;
    private final @Nullable Path certificates;
    private final @Nullable Path key;
    private volatile SslContext context;

    private Tls(boolean server, @Nullable Path authorities, @Nullable Path certificates, @Nullable Path key)
            throws IOException {
        this.server = server;
        this.authorities = authorities;
        this.certificates = certificates;
        this.key = key;
        this.context = load();
    }

    /**
     * Returns the side of a server that takes every client.
     *
     * @throws IOException if a file cannot be read or used, with its name
     */
    public static Tls server(Path certificates, Path key) throws IOException {
        return new Tls(true, null, certificates, key);
    }

    /**
     * Returns the side of a server that takes clients with a certificate that these authorities vouch for, and no others.
     *
     * @throws IOException if a file cannot be read or used, with its name
     */
    public static Tls server(Path certificates, Path key, Path clientAuthorities) throws IOException {
        return new Tls(true, clientAuthorities, certificates, key);
    }

    /** Returns the side of a client that trusts the authorities Java comes with. */
    public static Tls client() throws IOException {
        return new Tls(false, null, null, null);
    }

    /**
     * Returns the side of a client that trusts these authorities and no others. A server's own certificate will do.
     *
     * @throws IOException if the file cannot be read or used, with its name
     */
    public static Tls client(Path authorities) throws IOException {
        return new Tls(false, authorities, null, null);
    }

    /**
     * Returns the side of a client that trusts these authorities and presents a certificate of its own.
     *
     * @throws IOException if a file cannot be read or used, with its name
     */
    public static Tls client(Path authorities, Path certificates, Path key) throws IOException {
        return new Tls(false, authorities, certificates, key);
    }

    /**
     * Reads the files again. Connections that are open stay as they are. Safe from any thread; not on an event loop.
     *
     * @throws IOException if a file cannot be read or used, with its name; what was read before stays in force
     */
    public void reload() throws IOException {
        context = load();
    }

    /**
     * Makes the handler of one connection to a server, for a pipeline of one's own.
     *
     * @throws IllegalStateException if this is the side of a client
     */
    public SslHandler newServerHandler(ByteBufAllocator allocator) {
        if (!server) {
            throw new IllegalStateException("this is the side of a client");
        }
        return handler(allocator, null, 0, TimeUnit.SECONDS.toNanos(10));
    }

    /** Returns what was read last as the JDK knows it, for clients that are not of this library. */
    public SSLContext context() {
        return ((JdkSslContext) context).context();
    }

    boolean isServer() {
        return server;
    }

    /** Makes the handler of one connection. A client checks that the certificate is made out to the host it wanted. */
    SslHandler handler(ByteBufAllocator allocator, @Nullable String host, int port, long timeoutNanos) {
        SslHandler handler = host == null ? context.newHandler(allocator) : context.newHandler(allocator, host, port);
        handler.setHandshakeTimeout(timeoutNanos, TimeUnit.NANOSECONDS);
        return handler;
    }

    private SslContext load() throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (certificates != null && key != null) {
            X509Certificate[] own = readCertificates(certificates);
            PrivateKey itsKey = readKey(key);
            if (!itsKey.getAlgorithm().equals(own[0].getPublicKey().getAlgorithm())) {
                throw new IOException(key + ": expected the key of the first certificate in " + certificates
                        + ", found one of type " + itsKey.getAlgorithm());
            }
            builder = server ? SslContextBuilder.forServer(itsKey, own) : builder.keyManager(itsKey, own);
        }
        if (authorities != null) {
            builder.trustManager(readCertificates(authorities));
        }
        builder.sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2");
        if (server) {
            builder.clientAuth(authorities == null ? ClientAuth.NONE : ClientAuth.REQUIRE);
        } else {
            builder.endpointIdentificationAlgorithm("HTTPS");
        }
        return builder.build();
    }

    private static X509Certificate[] readCertificates(Path file) throws IOException {
        byte[] text = read(file).getBytes(StandardCharsets.ISO_8859_1);
        try {
            X509Certificate[] all =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(text))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toArray(X509Certificate[]::new);
            if (all.length == 0) {
                throw new IOException(
                        file + ": expected certificates that begin with -----BEGIN CERTIFICATE-----, found none");
            }
            return all;
        } catch (CertificateException damaged) {
            throw new IOException(file + ": expected certificates in PEM: " + damaged.getMessage(), damaged);
        }
    }

    private static PrivateKey readKey(Path file) throws IOException {
        String text = read(file);
        try {
            return text.contains("-----BEGIN PRIVATE KEY-----") ? PrivateKeys.read(text) : Pem.privateKey(text);
        } catch (IllegalArgumentException unusable) {
            throw new IOException(
                    file
                            + ": expected a private key in PKCS#8 without a passphrase; write it with: openssl pkcs8 -topk8 -nodes -in "
                            + file + " -out NEW",
                    unusable);
        }
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(
                    file + ": at most " + MAX_FILE_BYTES + " bytes are read, this has " + Files.size(file));
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return "TLS of a " + (server ? "server" : "client");
    }
}
