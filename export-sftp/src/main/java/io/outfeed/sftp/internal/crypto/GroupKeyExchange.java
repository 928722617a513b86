package io.outfeed.sftp.internal.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.Transport;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/** A Diffie-Hellman exchange in a group that the server chooses, within limits (RFC 4419). */
final class GroupKeyExchange extends SignedKeyExchange {

    private static final int SMALLEST_GROUP = 2048;
    private static final int PREFERRED_GROUP = 3072;
    private static final int LARGEST_GROUP = 8192;

    private final Buffer.PlainBuffer group = new Buffer.PlainBuffer()
            .putUInt32(SMALLEST_GROUP)
            .putUInt32(PREFERRED_GROUP)
            .putUInt32(LARGEST_GROUP);
    private @Nullable KeyShare share;

    GroupKeyExchange() {
        super("SHA-256");
    }

    @Override
    public void init(Transport transport, String serverId, String clientId, byte[] serverInit, byte[] clientInit)
            throws GeneralSecurityException, TransportException {
        super.init(transport, serverId, clientId, serverInit, clientInit);
        transport.write(new SSHPacket(Message.KEX_DH_GEX_REQUEST).putBuffer(new Buffer.PlainBuffer(group)));
    }

    @Override
    public boolean next(Message message, SSHPacket packet) throws TransportException {
        KeyShare ours = share;
        if (ours != null) {
            expect(Message.KEX_DH_GEX_REPLY, message);
            finish(packet, ours, group);
            return true;
        }
        expect(Message.KEXDH_31, message);
        try {
            BigInteger prime = packet.readMPInt();
            BigInteger generator = packet.readMPInt();
            if (prime.signum() < 0
                    || prime.bitLength() < SMALLEST_GROUP
                    || prime.bitLength() > LARGEST_GROUP
                    || generator.compareTo(BigInteger.ONE) <= 0
                    || generator.compareTo(prime.subtract(BigInteger.ONE)) >= 0) {
                throw failed("the server's group of " + prime.bitLength() + " bits is out of range", null);
            }
            share = generate(() -> KeyShare.diffieHellman(prime, generator));
            group.putMPInt(prime).putMPInt(generator);
            trans.write(new SSHPacket(Message.KEX_DH_GEX_INIT).putBytes(share.publicValue()));
            return false;
        } catch (Buffer.BufferException e) {
            throw failed("the server's group ends too early", e);
        }
    }
}
