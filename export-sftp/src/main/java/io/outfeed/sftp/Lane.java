package io.outfeed.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * A remote file as one channel has it open, with many writes under way, each of which is confirmed. A write that has begun
 * is to be ended, or the channel can't be used any more. Used by one thread.
 */
final class Lane {

    private static final int WRITES_UNDER_WAY = 64;

    private final SftpChannel channel;
    private final byte[] handle;
    private final SSHPacket packet;
    private final Queue<Write> unconfirmed = new ArrayDeque<>();

    /**
     * What is left of the write that has begun. It is read at once, since a packet holds an eighth of it, and to where the
     * JVM reads without a copy of its own.
     */
    private ByteBuffer data = ByteBuffer.allocateDirect(0);

    private record Write(long offset, Promise<Response, SFTPException> answer) {}

    /** Where the bytes come from: always as many as there is space for. */
    @FunctionalInterface
    interface Content {
        void read(long offset, ByteBuffer to);
    }

    private Lane(SftpChannel channel, byte[] handle) {
        this.channel = channel;
        this.handle = handle;
        this.packet = DataChannel.packet(channel.data().longestPacket());
    }

    static Lane open(SftpChannel channel, String path, Set<OpenMode> modes, long answerMillis) throws IOException {
        byte[] handle = channel.request(channel.newRequest(PacketType.OPEN)
                        .putString(path, StandardCharsets.UTF_8)
                        .putUInt32(OpenMode.toMask(modes))
                        .putFileAttributes(FileAttributes.EMPTY))
                .retrieve(answerMillis, TimeUnit.MILLISECONDS)
                .ensurePacketTypeIs(PacketType.HANDLE)
                .readBytes();
        return new Lane(channel, handle);
    }

    // ---- writes

    /** Whether a write has begun that has not ended. */
    boolean underWay() {
        return data.hasRemaining();
    }

    /** Whether the server waits for nothing but a further write. */
    boolean mayBegin() throws IOException {
        return !underWay()
                && unconfirmed.size() < WRITES_UNDER_WAY
                && channel.data().room() > header();
    }

    /** Whether only an answer lets it go on, not room. */
    boolean full() {
        return !underWay() && unconfirmed.size() >= WRITES_UNDER_WAY;
    }

    /** Begins a write and sends its first packet. */
    void begin(long at, int count, Content content) throws IOException {
        long request = channel.nextWrite();
        unconfirmed.add(new Write(at, channel.answerTo(request)));
        if (data.capacity() < count) {
            data = ByteBuffer.allocateDirect(count);
        }
        content.read(at, data.clear().limit(count));
        data.flip();
        packet.wpos(DataChannel.DATA_OFFSET);
        packet.putUInt32(header() - 4L + count);
        packet.putByte(PacketType.WRITE.toByte());
        packet.putUInt32(request);
        packet.putBytes(handle);
        packet.putUInt64(at);
        packet.putUInt32(count);
        send(header());
    }

    /** Sends a packet of the write that is under way. Returns whether there was room. */
    boolean goOn() throws IOException {
        if (!underWay() || channel.data().room() == 0) {
            return false;
        }
        send(0);
        return true;
    }

    private int header() {
        return 4 + 1 + 4 + 4 + handle.length + 8 + 4;
    }

    private void send(int header) throws IOException {
        int count = Math.min(data.remaining(), channel.data().room() - header);
        data.get(packet.array(), DataChannel.DATA_OFFSET + header, count);
        channel.data().send(packet, header + count);
    }

    // ---- answers

    boolean unconfirmed() {
        return !unconfirmed.isEmpty();
    }

    /** Whether the oldest write has its answer. */
    boolean answered() {
        return !unconfirmed.isEmpty() && unconfirmed.element().answer().isFulfilled();
    }

    /** Takes the answer to the oldest write; waits for it. One that is not there stays unconfirmed. */
    void confirm(long answerMillis) throws IOException {
        Response answer = unconfirmed.element().answer().retrieve(answerMillis, TimeUnit.MILLISECONDS);
        unconfirmed.remove();
        answer.ensureStatusPacketIsOK();
    }

    /** Up to where all is confirmed of what this lane has begun; {@code begun} if that is all. */
    long confirmed(long begun) {
        return unconfirmed.isEmpty() ? begun : unconfirmed.element().offset();
    }

    /** Asks to close it. */
    Promise<Response, SFTPException> close() throws IOException {
        return channel.request(channel.newRequest(PacketType.CLOSE).putBytes(handle));
    }
}
