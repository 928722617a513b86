package io.outfeed.sftp.internal.channel;

import java.io.IOException;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/** Distinguishes the answers of a server from failures of the connection. */
public final class SftpStatus {

    private SftpStatus() {}

    /** The server's answer; {@code UNKNOWN} if it gave none. */
    public static StatusCode of(IOException e) {
        return e instanceof SFTPException answer ? answer.getStatusCode() : StatusCode.UNKNOWN;
    }

    /** The name of the server's answer in the protocol, such as {@code SSH_FX_FAILURE}. */
    public static String name(IOException e) {
        return "SSH_FX_" + of(e);
    }

    /** Whether the failure is an answer of the server, so that the connection is intact. */
    public static boolean isAnswer(IOException e) {
        return of(e) != StatusCode.UNKNOWN;
    }

    /** Whether the server answered that there is no such file. */
    public static boolean isMissing(IOException e) {
        StatusCode status = of(e);
        return status == StatusCode.NO_SUCH_FILE || status == StatusCode.NO_SUCH_PATH;
    }
}
