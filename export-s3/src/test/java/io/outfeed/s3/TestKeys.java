package io.outfeed.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Keys and certificates of servers. */
final class TestKeys {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private TestKeys() {}

    /**
     * For a server on the loopback interface, and for a client that trusts it: with a certificate that signs itself,
     * made by the JDK's keytool. Writes the certificate to {@code server.pem}, too.
     */
    static SSLContext context(Path directory) throws Exception {
        return context(directory, "ip:127.0.0.1");
    }

    /**
     * The same for a server of another name.
     *
     * @param name as keytool takes it
     */
    static SSLContext context(Path directory, String name) throws Exception {
        Path file = directory.resolve("server.p12");
        Process keytool = new ProcessBuilder((Path.of(System.getProperty("java.home"), "bin", "keytool")
                                + " -genkeypair -alias server -keyalg EC -dname CN=test -ext san=" + name
                                + " -storetype PKCS12 -storepass changeit -keystore " + file)
                        .split(" "))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        Files.write(
                directory.resolve("server.pem"),
                List.of(
                        "-----BEGIN CERTIFICATE-----",
                        Base64.getMimeEncoder()
                                .encodeToString(keys.getCertificate("server").getEncoded()),
                        "-----END CERTIFICATE-----"));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
