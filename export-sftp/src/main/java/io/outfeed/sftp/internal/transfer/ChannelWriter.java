package io.outfeed.sftp.internal.transfer;

import io.outfeed.sftp.internal.channel.DataChannel;
import io.outfeed.sftp.internal.channel.SftpChannel;
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
 * Writes a remote file over one channel, with many unconfirmed writes at a time. A write that was started must be
 * completed, otherwise the channel can't be used any more. Not thread-safe.
 */
final class ChannelWriter {

    private static final int MAX_UNCONFIRMED_WRITES = 64;

    private final SftpChannel channel;
    private final byte[] handle;
    private final SSHPacket packet;
    private final Queue<Write> unconfirmed = new ArrayDeque<>();

    /**
     * What remains of the current write. It is read in one piece, since a packet holds only an eighth of it, and into a
     * direct buffer, to which the JVM reads without a copy.
     */
    private ByteBuffer data = ByteBuffer.allocateDirect(0);

    private record Write(long offset, Promise<Response, SFTPException> answer) {}

    /** The source of the bytes. It fills the buffer, whatever happens. */
    @FunctionalInterface
    interface Content {
        void read(long offset, ByteBuffer to);
    }

    private ChannelWriter(SftpChannel channel, byte[] handle) {
        this.channel = channel;
        this.handle = handle;
        this.packet = DataChannel.packet(channel.data().maxPacketData());
    }

    /** Opens a file. It gets the attributes when it is created, except what the server's umask takes away. */
    static ChannelWriter open(
            SftpChannel channel, String path, Set<OpenMode> modes, FileAttributes attributes, long answerMillis)
            throws IOException {
        byte[] handle = channel.request(channel.newRequest(PacketType.OPEN)
                        .putString(path, StandardCharsets.UTF_8)
                        .putUInt32(OpenMode.toMask(modes))
                        .putFileAttributes(attributes))
                .retrieve(answerMillis, TimeUnit.MILLISECONDS)
                .ensurePacketTypeIs(PacketType.HANDLE)
                .readBytes();
        return new ChannelWriter(channel, handle);
    }

    /** Returns the attributes of the open file. */
    FileAttributes attributes(long answerMillis) throws IOException {
        return channel.request(channel.newRequest(PacketType.FSTAT).putBytes(handle))
                .retrieve(answerMillis, TimeUnit.MILLISECONDS)
                .ensurePacketTypeIs(PacketType.ATTRS)
                .readFileAttributes();
    }

    /** Sets attributes of the open file. */
    void setAttributes(FileAttributes attributes, long answerMillis) throws IOException {
        channel.request(channel.newRequest(PacketType.FSETSTAT).putBytes(handle).putFileAttributes(attributes))
                .retrieve(answerMillis, TimeUnit.MILLISECONDS)
                .ensureStatusPacketIsOK();
    }

    // ---- writes

    /** Whether a write was started and is not completed. */
    boolean isWriting() {
        return data.hasRemaining();
    }

    /** Whether the window has space for a further write. */
    boolean canStartWrite() throws IOException {
        return !isWriting()
                && unconfirmed.size() < MAX_UNCONFIRMED_WRITES
                && channel.data().window() > headerBytes();
    }

    /** Whether it waits for an answer, rather than for the window. */
    boolean isFull() {
        return !isWriting() && unconfirmed.size() >= MAX_UNCONFIRMED_WRITES;
    }

    /** Starts a write and sends its first packet. */
    void startWrite(long offset, int count, Content content) throws IOException {
        long request = channel.nextWriteId();
        unconfirmed.add(new Write(offset, channel.answerTo(request)));
        if (data.capacity() < count) {
            data = ByteBuffer.allocateDirect(count);
        }
        content.read(offset, data.clear().limit(count));
        data.flip();
        packet.wpos(DataChannel.DATA_OFFSET);
        packet.putUInt32(headerBytes() - 4L + count);
        packet.putByte(PacketType.WRITE.toByte());
        packet.putUInt32(request);
        packet.putBytes(handle);
        packet.putUInt64(offset);
        packet.putUInt32(count);
        send(headerBytes());
    }

    /** Sends the next packet of the current write. Returns whether one could be sent. */
    boolean continueWrite() throws IOException {
        if (!isWriting() || channel.data().window() == 0) {
            return false;
        }
        send(0);
        return true;
    }

    private int headerBytes() {
        return 4 + 1 + 4 + 4 + handle.length + 8 + 4;
    }

    private void send(int headerBytes) throws IOException {
        int count = Math.min(data.remaining(), channel.data().window() - headerBytes);
        data.get(packet.array(), DataChannel.DATA_OFFSET + headerBytes, count);
        channel.data().send(packet, headerBytes + count);
    }

    // ---- answers

    boolean hasUnconfirmedWrites() {
        return !unconfirmed.isEmpty();
    }

    /** Whether the oldest write was answered. */
    boolean hasAnswer() {
        return !unconfirmed.isEmpty() && unconfirmed.element().answer().isFulfilled();
    }

    /** Waits for the answer to the oldest write. If none comes, the write stays unconfirmed. */
    void confirm(long answerMillis) throws IOException {
        Response answer = unconfirmed.element().answer().retrieve(answerMillis, TimeUnit.MILLISECONDS);
        unconfirmed.remove();
        answer.ensureStatusPacketIsOK();
    }

    /** Up to where this channel's writes are confirmed; {@code started} if all are. */
    long confirmed(long started) {
        return unconfirmed.isEmpty() ? started : unconfirmed.element().offset();
    }

    /** Requests to close the file. */
    Promise<Response, SFTPException> close() throws IOException {
        return channel.request(channel.newRequest(PacketType.CLOSE).putBytes(handle));
    }
}
