package io.outfeed.sftp;

import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;
import net.schmizz.sshj.transport.TransportException;

/**
 * A session channel that takes packets whose data is in place already, and tells when there is room for more.
 *
 * <p>sshj's own stream copies the data twice, and waits for room without noticing that the channel is gone.
 */
final class DataChannel extends SessionChannel {

    /** How many bytes of a packet come before its data: sshj's room for length and padding, then type, channel, length. */
    static final int DATA_OFFSET = 5 + 1 + 4 + 4;

    /** How many bytes of a packet come after its data: padding and tag, of whatever cipher. */
    static final int TRAILER = 128;

    private static final int TYPE_OFFSET = 5;

    private final Changes changes;

    DataChannel(Connection connection, Changes changes) {
        super(connection);
        this.changes = changes;
    }

    /** A packet that has space for that much data. */
    static SSHPacket packet(int data) {
        return new SSHPacket(DATA_OFFSET + data + TRAILER);
    }

    /** How many bytes may be sent now. */
    int room() throws ConnectionException {
        if (!isOpen()) {
            throw new ConnectionException("the channel is closed");
        }
        return (int) Math.min(rwin.getSize(), rwin.getMaxPacketSize());
    }

    /** How much one packet may hold. */
    int longestPacket() {
        return rwin.getMaxPacketSize();
    }

    /** Sends a packet whose data is in place; at most as much as there is room for. Its content is overwritten. */
    void send(SSHPacket packet, int length) throws TransportException {
        packet.rpos(TYPE_OFFSET);
        packet.wpos(TYPE_OFFSET);
        packet.putMessageID(Message.CHANNEL_DATA);
        packet.putUInt32FromInt(getRecipient());
        packet.putUInt32(length);
        packet.wpos(DATA_OFFSET + length);
        rwin.consume(length);
        trans.write(packet);
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws SSHException {
        super.handle(message, packet);
        if (message == Message.CHANNEL_WINDOW_ADJUST) {
            changes.happened();
        }
    }

    @Override
    protected void finishOff() {
        super.finishOff();
        changes.happened();
    }
}
