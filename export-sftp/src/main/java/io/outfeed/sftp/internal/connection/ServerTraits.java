package io.outfeed.sftp.internal.connection;

import io.outfeed.sftp.internal.channel.SftpChannel;
import io.outfeed.sftp.internal.channel.SftpStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * What a server can do.
 *
 * @param atomicReplace whether it offers {@code posix-rename@openssh.com}, a rename that replaces a file
 * @param hashesFiles whether it computes hashes of its files by {@code check-file}
 * @param followsLinks whether it follows a link even in requests that should not
 * @param maxWrite how many bytes one write may have
 * @param parallelChannels whether several channels may, and should, write one file
 */
public record ServerTraits(
        boolean atomicReplace, boolean hashesFiles, boolean followsLinks, int maxWrite, boolean parallelChannels) {

    /** What every server must accept in one write. */
    private static final int PORTABLE_WRITE = 32_768;

    /** What OpenSSH accepts; sshj fails above some 300,000. */
    private static final int LARGEST_WRITE = 261_120;

    /** A round trip from which on the window of one channel limits the throughput. */
    private static final Duration LONG_ROUND_TRIP = Duration.ofMillis(3);

    private record WriteLimit(int bytes, long roundTripNanos) {}

    /**
     * Determines the traits of a server.
     *
     * @param software as the server names it
     * @throws IOException if the connection breaks
     */
    static ServerTraits of(SftpChannel channel, String software, int timeoutMillis) throws IOException {
        boolean proftpd = software.startsWith("mod_sftp");
        WriteLimit limit = writeLimit(channel, timeoutMillis);
        return new ServerTraits(
                channel.supportsServerExtension("posix-rename", "openssh.com"),
                channel.mentionsExtension("check-file") || proftpd, // ProFTPD has it, but does not announce it
                proftpd,
                limit.bytes(),
                software.startsWith("OpenSSH_") && limit.roundTripNanos() >= LONG_ROUND_TRIP.toNanos());
    }

    private static WriteLimit writeLimit(SftpChannel channel, int timeoutMillis) throws IOException {
        if (!channel.supportsServerExtension("limits", "openssh.com")) {
            return new WriteLimit(PORTABLE_WRITE, 0);
        }
        long asked = System.nanoTime();
        Response answer;
        try {
            answer = channel.request(channel.newExtendedRequest("limits@openssh.com"))
                    .retrieve(timeoutMillis, TimeUnit.MILLISECONDS)
                    .ensurePacketTypeIs(PacketType.EXTENDED_REPLY);
        } catch (SFTPException e) {
            if (SftpStatus.isAnswer(e)) {
                return new WriteLimit(PORTABLE_WRITE, 0);
            }
            throw e;
        }
        long roundTrip = System.nanoTime() - asked;
        try {
            answer.readUInt64(); // the longest packet
            answer.readUInt64(); // the longest read
            long write = answer.readUInt64();
            return new WriteLimit(write <= 0 ? PORTABLE_WRITE : (int) Math.min(write, LARGEST_WRITE), roundTrip);
        } catch (Buffer.BufferException e) {
            return new WriteLimit(PORTABLE_WRITE, roundTrip);
        }
    }
}
