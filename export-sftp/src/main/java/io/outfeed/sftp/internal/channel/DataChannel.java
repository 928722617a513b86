package io.outfeed.sftp.internal.channel;

import java.io.InputStream;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;
import net.schmizz.sshj.transport.TransportException;

/**
 * A session channel for SFTP that sends packets whose data is in place already, signals when its window grows, counts
 * its bytes, and bounds the packets that it receives.
 *
 * <p>sshj's own stream copies the data twice, and waits for the window without noticing that the channel has ended.
 */
public final class DataChannel extends SessionChannel {

    /** The length of what precedes a packet's data: sshj's space for length and padding, then type, channel, length. */
    public static final int DATA_OFFSET = 5 + 1 + 4 + 4;

    /** The length of what follows a packet's data: padding and tag, whatever the cipher. */
    private static final int TRAILER = 128;

    private static final int TYPE_OFFSET = 5;

    private final ProgressSignal progress;
    private final Traffic traffic;
    private final PacketLimit input = new PacketLimit(super.getInputStream());

    DataChannel(Connection connection, ProgressSignal progress, Traffic traffic) {
        super(connection);
        this.progress = progress;
        this.traffic = traffic;
    }

    /** Creates a packet with space for that much data. */
    public static SSHPacket packet(int dataBytes) {
        return new SSHPacket(DATA_OFFSET + dataBytes + TRAILER);
    }

    /** How many bytes may be sent now. */
    public int window() throws ConnectionException {
        if (!isOpen()) {
            throw new ConnectionException("the channel is closed");
        }
        return (int) Math.min(rwin.getSize(), rwin.getMaxPacketSize());
    }

    /** How much data one packet may hold. */
    public int maxPacketData() {
        return rwin.getMaxPacketSize();
    }

    /** Sends a packet whose data is in place, at most {@link #window} bytes. Overwrites its content. */
    public void send(SSHPacket packet, int dataBytes) throws TransportException {
        packet.rpos(TYPE_OFFSET);
        packet.wpos(TYPE_OFFSET);
        packet.putMessageID(Message.CHANNEL_DATA);
        packet.putUInt32FromInt(getRecipient());
        packet.putUInt32(dataBytes);
        packet.wpos(DATA_OFFSET + dataBytes);
        rwin.consume(dataBytes);
        trans.write(packet);
        traffic.add(dataBytes);
    }

    @Override
    public InputStream getInputStream() {
        return input;
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws SSHException {
        traffic.add(packet.available());
        super.handle(message, packet);
        if (message == Message.CHANNEL_WINDOW_ADJUST) {
            progress.signal();
        }
    }

    @Override
    protected void finishOff() {
        super.finishOff();
        progress.signal();
    }
}
