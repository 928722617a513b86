package io.outfeed.examples;

import io.outfeed.sftp.SftpDelivery;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** The SFTP server of the receiver, on this machine, with keys made afresh. Only a demonstration has one. */
final class DemoSftpServer implements AutoCloseable {

    private static final String USER = "outfeed";

    private final SshServer server;
    private final Path root;
    private final Path privateKey;
    private final String fingerprint;

    private DemoSftpServer(SshServer server, Path root, Path privateKey, String fingerprint) {
        this.server = server;
        this.root = root;
        this.privateKey = privateKey;
        this.fingerprint = fingerprint;
    }

    /** Starts a server below a directory of this machine. */
    static DemoSftpServer start(Path home) throws IOException, GeneralSecurityException {
        Path root = Files.createDirectories(home.resolve("root"));
        KeyPair hostKey = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        KeyPair login = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        Path privateKey = home.resolve("id_ecdsa");
        try (OutputStream out = Files.newOutputStream(privateKey)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(login, USER, null, out);
        }

        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator(
                (user, key, session) -> user.equals(USER) && KeyUtils.compareKeys(key, login.getPublic()));
        server.setFileSystemFactory(new VirtualFileSystemFactory(root));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory.Builder().build()));
        server.start();
        return new DemoSftpServer(server, root, privateKey, KeyUtils.getFingerPrint(hostKey.getPublic()));
    }

    /** A delivery to a directory of this server, which the operator of the server makes. */
    SftpDelivery delivery(String id, String directory) throws IOException {
        Files.createDirectories(directory(directory));
        return SftpDelivery.builder(id, "127.0.0.1")
                .port(server.getPort())
                .user(USER)
                .privateKey(privateKey)
                .hostKey(fingerprint)
                .directory(directory)
                .build();
    }

    /** Where a directory of this server lies on this machine. */
    Path directory(String directory) {
        return root.resolve(directory.substring(1));
    }

    int port() {
        return server.getPort();
    }

    Path privateKey() {
        return privateKey;
    }

    /** The SHA-256 of the host key. */
    String fingerprint() {
        return fingerprint;
    }

    String description() {
        return "sftp://" + USER + "@127.0.0.1:" + server.getPort() + ", host key " + fingerprint;
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
