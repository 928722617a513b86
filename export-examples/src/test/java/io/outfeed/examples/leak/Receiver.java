package io.outfeed.examples.leak;

import io.outfeed.sftp.SftpDelivery;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpErrorStatusDataHandler;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpSubsystemEnvironment;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** The SFTP server of the receiver, which fails as a test says, with {@link ServerText#SAID}. */
final class Receiver implements AutoCloseable {

    private static final String USER = "outfeed";

    private final SshServer server = SshServer.setUpDefaultServer();
    private final Fault fault;
    private final String fingerprint;
    private final Path privateKey;

    Receiver(Path home, Fault fault) throws IOException, GeneralSecurityException {
        this.fault = fault;
        Path root = Files.createDirectories(home.resolve("receiver"));
        Files.createDirectory(root.resolve("exports"));
        KeyPair hostKey = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        KeyPair login = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        fingerprint = KeyUtils.getFingerPrint(hostKey.getPublic());
        privateKey = home.resolve("id_ecdsa");
        OpenSSHKeyEncryptionContext encryption = new OpenSSHKeyEncryptionContext();
        encryption.setPassword(Canary.PASSPHRASE.text);
        encryption.setCipherType("256");
        try (OutputStream out = Files.newOutputStream(privateKey)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(login, USER, encryption, out);
        }
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPasswordAuthenticator((user, password, session) -> password.equals(Canary.SFTP_PASSWORD.text));
        server.setPublickeyAuthenticator((user, key, session) -> KeyUtils.compareKeys(key, login.getPublic()));
        server.setFileSystemFactory(new VirtualFileSystemFactory(root));
        SftpSubsystemFactory sftp = new SftpSubsystemFactory.Builder()
                .withSftpErrorStatusDataHandler(new Texts())
                .build();
        sftp.addSftpEventListener(new Refusals());
        server.setSubsystemFactories(List.of(sftp));
        CoreModuleProperties.WELCOME_BANNER.set(server, fault == Fault.SFTP_BANNER ? ServerText.SAID : "welcome");
        server.start();
    }

    SftpDelivery delivery() {
        SftpDelivery.Builder delivery = SftpDelivery.builder("lakeside", "127.0.0.1")
                .port(server.getPort())
                .user(USER)
                .hostKey(fault == Fault.SFTP_HOST_KEY ? "SHA256:" + "A".repeat(43) : fingerprint)
                .directory("/exports")
                .idleTimeout(Duration.ZERO);
        return switch (fault) {
            case SFTP_WRONG_PASSWORD, SFTP_BANNER ->
                delivery.password(Canary.WRONG_SFTP_PASSWORD.text).build();
            case SFTP_WRONG_PROMPT ->
                delivery.keyboardInteractive(Canary.WRONG_SFTP_PASSWORD.text::toCharArray)
                        .build();
            case SFTP_PASSWORD_SUPPLIER ->
                delivery.password(() -> {
                            throw new IllegalStateException(Canary.all());
                        })
                        .build();
            case SFTP_KEY ->
                delivery.privateKey(privateKey, Canary.PASSPHRASE.text::toCharArray)
                        .build();
            case SFTP_WRONG_PASSPHRASE ->
                delivery.privateKey(privateKey, Canary.WRONG_SFTP_PASSWORD.text::toCharArray)
                        .build();
            default -> delivery.password(Canary.SFTP_PASSWORD.text).build();
        };
    }

    /** What the server says about each refusal. */
    private static final class Texts implements SftpErrorStatusDataHandler {

        @Override
        public String resolveErrorMessage(
                SftpSubsystemEnvironment sftp, int id, Throwable e, int status, int command, Object... arguments) {
            return ServerText.SAID;
        }
    }

    /** What the server refuses. */
    private final class Refusals implements SftpEventListener {

        private void refuse(Fault at, int status) throws IOException {
            if (fault == at) {
                throw new SftpException(status, ServerText.SAID);
            }
        }

        @Override
        public void opening(ServerSession session, String remoteHandle, Handle localHandle) throws IOException {
            refuse(Fault.SFTP_OPEN, SftpConstants.SSH_FX_PERMISSION_DENIED);
        }

        @Override
        public void writing(
                ServerSession session, String handle, FileHandle file, long offset, byte[] data, int from, int length)
                throws IOException {
            refuse(Fault.SFTP_WRITE, SftpConstants.SSH_FX_FAILURE);
            if (fault == Fault.SFTP_DISCONNECT) {
                session.disconnect(11, ServerText.SAID);
            }
        }

        @Override
        public void closing(ServerSession session, String remoteHandle, Handle localHandle) throws IOException {
            if (localHandle instanceof FileHandle) {
                refuse(Fault.SFTP_CLOSE, SftpConstants.SSH_FX_FAILURE);
            }
        }

        @Override
        public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> options)
                throws IOException {
            refuse(Fault.SFTP_RENAME, SftpConstants.SSH_FX_FAILURE);
            refuse(Fault.SFTP_RENAME_DENIED, SftpConstants.SSH_FX_PERMISSION_DENIED);
        }
    }

    @Override
    public void close() throws IOException {
        server.close(true);
    }
}
