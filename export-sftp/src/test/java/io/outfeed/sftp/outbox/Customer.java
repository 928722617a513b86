package io.outfeed.sftp.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.sftp.fixture.OpenSshServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.RemoteFile;
import net.schmizz.sshj.sftp.RemoteResourceInfo;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPClient;
import net.schmizz.sshj.sftp.SFTPEngine;
import net.schmizz.sshj.sftp.SFTPException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The customer's SFTP client. Paths are those in the chroot; relative ones begin where the login does. */
final class Customer implements AutoCloseable {

    private final SSHClient ssh;
    private final SFTPClient sftp;

    private Customer(SSHClient ssh, SFTPClient sftp) {
        this.ssh = ssh;
        this.sftp = sftp;
    }

    static Customer login(OpenSshServer server, String user, Path key) throws IOException {
        SSHClient ssh = new SSHClient();
        try {
            ssh.addHostKeyVerifier(server.fingerprint("ed25519"));
            ssh.connect("127.0.0.1", server.port());
            ssh.authPublickey(user, key.toString());
            return new Customer(ssh, ssh.newSFTPClient());
        } catch (IOException e) {
            ssh.close();
            throw e;
        }
    }

    SSHClient ssh() {
        return ssh;
    }

    String fetch(String path) throws IOException {
        try (RemoteFile file = sftp.open(path);
                RemoteFile.RemoteFileInputStream in = file.new RemoteFileInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    List<String> list(String path) throws IOException {
        return sftp.ls(path).stream().map(RemoteResourceInfo::getName).sorted().toList();
    }

    String realPath(String path) throws IOException {
        return sftp.canonicalize(path);
    }

    void put(String path, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        try (RemoteFile file = sftp.open(path, EnumSet.of(OpenMode.WRITE, OpenMode.CREAT))) {
            file.write(0, bytes, 0, bytes.length);
        }
    }

    void delete(String path) throws IOException {
        sftp.rm(path);
    }

    void makeFolder(String path) throws IOException {
        sftp.mkdir(path);
    }

    void rename(String from, String to) throws IOException {
        sftp.rename(from, to);
    }

    /** OpenSSH takes the arguments in the other order than the draft of SFTP has them. */
    void link(String path, String target) throws IOException {
        sftp.symlink(target, path);
    }

    void hardLink(String path, String target) throws IOException {
        extended("hardlink@openssh.com", target, path);
    }

    /** Renames a file to a name that is taken. */
    void replace(String from, String to) throws IOException {
        extended("posix-rename@openssh.com", from, to);
    }

    private void extended(String request, String from, String to) throws IOException {
        SFTPEngine engine = sftp.getSFTPEngine();
        engine.request(engine.newExtendedRequest(request).putString(from).putString(to))
                .retrieve()
                .ensureStatusPacketIsOK();
    }

    static void assertDenied(ThrowingCallable request) {
        assertAnswered(request, Response.StatusCode.PERMISSION_DENIED);
    }

    static void assertNotThere(ThrowingCallable request) {
        assertAnswered(request, Response.StatusCode.NO_SUCH_FILE);
    }

    private static void assertAnswered(ThrowingCallable request, Response.StatusCode status) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        SFTPException.class, e -> assertThat(e.getStatusCode()).isEqualTo(status));
    }

    @Override
    public void close() throws IOException {
        sftp.close();
        ssh.close();
    }
}
