package io.outfeed.spring.application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** The SFTP server of a receiver. */
final class SftpTestServer implements AutoCloseable {

    static final String PASSWORD = "only-here";

    private final SshServer server;
    private final Path root;
    private final String fingerprint;

    private SftpTestServer(SshServer server, Path root, String fingerprint) {
        this.server = server;
        this.root = root;
        this.fingerprint = fingerprint;
    }

    static SftpTestServer start(Path root) throws IOException, GeneralSecurityException {
        Files.createDirectories(root.resolve("in"));
        KeyPair hostKey = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPasswordAuthenticator(
                (user, password, session) -> user.equals("outfeed") && password.equals(PASSWORD));
        server.setFileSystemFactory(new VirtualFileSystemFactory(root));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory.Builder().build()));
        server.start();
        return new SftpTestServer(server, root, KeyUtils.getFingerPrint(hostKey.getPublic()));
    }

    int port() {
        return server.getPort();
    }

    String fingerprint() {
        return fingerprint;
    }

    String file(String name) throws IOException {
        return Files.readString(root.resolve("in").resolve(name));
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
