package io.outfeed.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.threads.SshThreadPoolExecutor;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.jspecify.annotations.Nullable;

/**
 * An SFTP server in this JVM, into which faults are put. User {@code outfeed}, password {@code secret}; it shows the
 * directory {@code root} as {@code /}.
 */
final class MinaServer implements AutoCloseable {

    private static final Set<Integer> LOOKS = Set.of(
            SftpConstants.SSH_FXP_STAT,
            SftpConstants.SSH_FXP_LSTAT,
            SftpConstants.SSH_FXP_FSTAT,
            SftpConstants.SSH_FXP_OPENDIR);

    private final SshServer server = SshServer.setUpDefaultServer();
    private final Path root;
    private final List<KeyPair> hostKeys = new ArrayList<>();
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Faults faults = new Faults();
    private final Packets packets = new Packets();

    private MinaServer(Path root) {
        this.root = root;
    }

    static MinaServer start(Path root) {
        return start(root, List.of("ssh-ed25519"));
    }

    static MinaServer start(Path root, List<String> hostKeyTypes) {
        return start(root, hostKeyTypes, server -> {});
    }

    /** {@code change} is done to the server before it starts. */
    static MinaServer start(Path root, List<String> hostKeyTypes, Consumer<SshServer> change) {
        MinaServer mina = new MinaServer(root);
        try {
            for (String type : hostKeyTypes) {
                mina.hostKeys.add(KeyUtils.generateKeyPair(type, bits(type)));
            }
            mina.run(change);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return mina;
    }

    private static int bits(String type) {
        return switch (type) {
            case "ssh-rsa" -> 2048;
            case "ecdsa-sha2-nistp384" -> 384;
            case "ecdsa-sha2-nistp521" -> 521;
            default -> 256;
        };
    }

    private void run(Consumer<SshServer> change) throws IOException {
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKeys));
        server.setPasswordAuthenticator((user, password, session) -> {
            logins.incrementAndGet();
            return user.equals("outfeed") && password.equals("secret");
        });
        server.setFileSystemFactory(new VirtualFileSystemFactory(root));
        server.setSessionFactory(packets.sessions(server));
        server.setSubsystemFactories(List.of(new FaultySftp(faults)));
        server.addSessionListener(new SessionListener() {
            @Override
            public void sessionCreated(Session session) {
                connections.incrementAndGet();
            }
        });
        change.accept(server);
        server.start();
    }

    /** A delivery that trusts this server and may log in. */
    SftpDelivery.Builder delivery() {
        return withoutLogin().password("secret");
    }

    /** A delivery that trusts this server. */
    SftpDelivery.Builder withoutLogin() {
        return SftpDelivery.builder("lakeside", "127.0.0.1")
                .port(port())
                .user("outfeed")
                .hostKey(fingerprint(0))
                .directory("/exports");
    }

    int port() {
        return server.getPort();
    }

    int logins() {
        return logins.get();
    }

    int connections() {
        return connections.get();
    }

    String fingerprint(int key) {
        return HostKeys.fingerprint(hostKeys.get(key).getPublic());
    }

    /** As in a known_hosts file: type and Base64. */
    String publicKey(int key) {
        StringBuilder line = new StringBuilder();
        try {
            PublicKeyEntry.appendPublicKeyEntry(line, hostKeys.get(key).getPublic());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }

    /** Lets a client have more under way than sockets buffer, so that it is the socket that blocks. */
    void takeMuchAtOnce() {
        window(64L << 20);
        SftpModuleProperties.MAX_WRITEDATA_PACKET_LENGTH.set(server, 1 << 18);
    }

    /** How much a client may send before the server says that there is room again. */
    void window(long bytes) {
        CoreModuleProperties.WINDOW_SIZE.set(server, bytes);
    }

    /** A file becomes many writes, of 32 KiB each. */
    void takeLittleAtOnce() {
        SftpModuleProperties.MAX_WRITEDATA_PACKET_LENGTH.set(server, 1 << 15);
    }

    Faults faults() {
        return faults;
    }

    Packets packets() {
        return packets;
    }

    /** The names of all files below the root. */
    List<String> files() {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        faults.thaw();
        server.close(true);
        faults.threads.shutdownNow();
    }

    /** What goes wrong. */
    static final class Faults implements SftpEventListener {

        private volatile boolean failClose;
        private final AtomicInteger lostRenames = new AtomicInteger();
        private final AtomicInteger renames = new AtomicInteger();
        private final CountDownLatch thawed = new CountDownLatch(1);
        private volatile boolean frozen;
        private volatile boolean corrupt;
        private volatile Duration eachWrite = Duration.ZERO;
        private volatile boolean refuseAttributes;
        private volatile int renameStatus = SftpConstants.SSH_FX_OK;
        private volatile boolean refuseToLook;
        private volatile int overtaking;
        private final SshThreadPoolExecutor threads =
                new SshThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>());
        private final AtomicLong written = new AtomicLong();

        /** The server says that it could not keep what was written, when the file is closed. */
        void failClose() {
            failClose = true;
        }

        /** The server renames once and breaks the connection before it says so. */
        void loseRenameAnswer() {
            lostRenames.set(1);
        }

        /** The server keeps something else than what was sent. */
        void corrupt() {
            corrupt = true;
        }

        /** The server lets nobody set modes and times. */
        void refuseAttributes() {
            refuseAttributes = true;
        }

        /** The server answers each rename with this status, and does nothing. */
        void refuseRenames(int status) {
            renameStatus = status;
        }

        /** The server tells nothing about files and lists no directory. */
        void refuseToLook() {
            refuseToLook = true;
        }

        /** The server answers the first write of each channel after so many that came later. */
        void answerLate(int overtaking) {
            this.overtaking = overtaking;
        }

        /** Waits until the server has done with the connections that are gone: it may still write what it had received. */
        void awaitRest() {
            while (threads.getActiveCount() > 0) {
                Thread.onSpinWait();
            }
        }

        /** How many bytes were written, each time anew. */
        long written() {
            return written.get();
        }

        /** The server answers no write any more. */
        void freezeWrites() {
            frozen = true;
        }

        /** The server takes its time for each write. */
        void slowWrites(Duration each) {
            eachWrite = each;
        }

        void thaw() {
            thawed.countDown();
        }

        int renames() {
            return renames.get();
        }

        @Override
        public void closing(ServerSession session, String remoteHandle, Handle localHandle) throws IOException {
            if (failClose && localHandle instanceof FileHandle) {
                throw new SftpException(SftpConstants.SSH_FX_FAILURE, "no room");
            }
        }

        @Override
        public void writing(
                ServerSession session,
                String remoteHandle,
                FileHandle localHandle,
                long offset,
                byte[] data,
                int dataOffset,
                int dataLen)
                throws IOException {
            written.addAndGet(dataLen);
            if (corrupt) {
                data[dataOffset] ^= 1;
            }
            LockSupport.parkNanos(eachWrite.toNanos());
            if (frozen) {
                try {
                    assertThat(thawed.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void modifyingAttributes(ServerSession session, Path path, Map<String, ?> attributes)
                throws IOException {
            if (refuseAttributes) {
                throw new SftpException(SftpConstants.SSH_FX_PERMISSION_DENIED, "not here");
            }
        }

        @Override
        public void moving(ServerSession session, Path srcPath, Path dstPath, Collection<CopyOption> opts)
                throws IOException {
            if (renameStatus != SftpConstants.SSH_FX_OK) {
                throw new SftpException(renameStatus, "not here");
            }
        }

        @Override
        public void moved(
                ServerSession session, Path srcPath, Path dstPath, Collection<CopyOption> opts, Throwable thrown)
                throws IOException {
            renames.incrementAndGet();
            if (thrown == null && lostRenames.getAndDecrement() > 0) {
                session.close(true);
                throw new IOException("the connection is cut");
            }
        }
    }
    /** SFTP that consults the faults before it does what is asked. */
    private static final class FaultySftp extends SftpSubsystemFactory {

        private final Faults faults;

        FaultySftp(Faults faults) {
            this.faults = faults;
            addSftpEventListener(faults);
            setExecutorServiceProvider(() -> ThreadUtils.noClose(faults.threads));
        }

        @Override
        public Command createSubsystem(ChannelSession channel) throws IOException {
            SftpSubsystem subsystem = new SftpSubsystem(channel, this) {
                private @Nullable Buffer late;
                private int written;

                @Override
                protected void doProcess(Buffer request, int length, int type, int id) throws IOException {
                    if (type == SftpConstants.SSH_FXP_WRITE) {
                        written++;
                    }
                    if (faults.refuseToLook && LOOKS.contains(type)) {
                        sendStatus(prepareReply(request), id, SftpConstants.SSH_FX_PERMISSION_DENIED, "not here");
                    } else {
                        super.doProcess(request, length, type, id);
                    }
                }

                @Override
                protected void send(Buffer answer) throws IOException {
                    if (written == 1 && faults.overtaking > 0) {
                        late = new ByteArrayBuffer(answer.getCompactData());
                        return;
                    }
                    super.send(answer);
                    Buffer held = late;
                    if (held != null && written > faults.overtaking) {
                        late = null;
                        super.send(held);
                    }
                }
            };
            subsystem.addSftpEventListener(faults);
            return subsystem;
        }
    }
}
