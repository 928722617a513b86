package io.outfeed.examples;

import io.outfeed.ftp.FtpsDelivery;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.UserManager;
import org.apache.ftpserver.listener.Listener;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.ssl.SslConfigurationFactory;
import org.apache.ftpserver.usermanager.PropertiesUserManagerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;

/** The FTPS server of the receiver, on this machine, with a certificate made afresh. Only a demonstration has one. */
final class DemoFtpServer implements AutoCloseable {

    private static final String USER = "outfeed";
    private static final String LISTENER = "default";

    private final FtpServer server;
    private final int port;
    private final Path root;
    private final String password;
    private final String fingerprint;

    private DemoFtpServer(FtpServer server, int port, Path root, String password, String fingerprint) {
        this.server = server;
        this.port = port;
        this.root = root;
        this.password = password;
        this.fingerprint = fingerprint;
    }

    /** Starts a server below a directory of this machine. */
    static DemoFtpServer start(Path home) throws IOException, GeneralSecurityException, FtpException {
        Path root = Files.createDirectories(home.resolve("ftp"));
        String password = UUID.randomUUID().toString();
        Path keys = makeKeys(home, password);
        Listener listener = listener(keys, password);
        FtpServerFactory factory = new FtpServerFactory();
        factory.addListener(LISTENER, listener);
        factory.setUserManager(users(root, password));
        FtpServer server = factory.createServer();
        server.start();
        return new DemoFtpServer(server, listener.getPort(), root, password, fingerprint(keys, password));
    }

    private static Listener listener(Path keys, String password) {
        SslConfigurationFactory encryption = new SslConfigurationFactory();
        encryption.setKeystoreFile(keys.toFile());
        encryption.setKeystorePassword(password);
        encryption.setKeystoreType("PKCS12");
        ListenerFactory listener = new ListenerFactory();
        listener.setServerAddress("127.0.0.1");
        listener.setPort(0);
        listener.setSslConfiguration(encryption.createSslConfiguration());
        return listener.createListener();
    }

    private static UserManager users(Path root, String password) throws FtpException {
        BaseUser user = new BaseUser();
        user.setName(USER);
        user.setPassword(password);
        user.setHomeDirectory(root.toString());
        user.setAuthorities(List.of(new WritePermission()));
        UserManager users = new PropertiesUserManagerFactory().createUserManager();
        users.save(user);
        return users;
    }

    /** A certificate that signs itself, made by the JDK's keytool. */
    private static Path makeKeys(Path home, String password) throws IOException {
        Path keys = home.resolve("ftps.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "key",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        password)
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.onExit().join().exitValue() != 0) {
            throw new IOException("keytool has made no certificate: " + output);
        }
        return keys;
    }

    private static String fingerprint(Path keys, String password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, password.toCharArray());
        }
        byte[] certificate = store.getCertificate("key").getEncoded();
        return HexFormat.ofDelimiter(":")
                .withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate));
    }

    /** A delivery to a directory of this server, which the operator of the server makes. */
    FtpsDelivery delivery(String id, String directory) throws IOException {
        Files.createDirectories(directory(directory));
        return FtpsDelivery.builder(id, "127.0.0.1")
                .port(port)
                .user(USER)
                .password(password)
                .pinnedCertificate(fingerprint)
                .directory(directory)
                .build();
    }

    /** Where a directory of this server lies on this machine. */
    Path directory(String directory) {
        return root.resolve(directory.substring(1));
    }

    int port() {
        return port;
    }

    String password() {
        return password;
    }

    /** The SHA-256 of the certificate. */
    String fingerprint() {
        return fingerprint;
    }

    String description() {
        return "ftpes://" + USER + "@127.0.0.1:" + port + ", a certificate that is pinned";
    }

    @Override
    public void close() {
        server.stop();
    }
}
