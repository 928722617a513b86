package io.outfeed.sftp.internal.crypto;

import net.schmizz.sshj.common.LoggerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/** Discards what sshj logs: at TRACE that is every packet before its encryption, the password's included. */
public enum SilentLoggers implements LoggerFactory {
    INSTANCE;

    @Override
    public Logger getLogger(String name) {
        return NOPLogger.NOP_LOGGER;
    }

    @Override
    public Logger getLogger(Class<?> type) {
        return NOPLogger.NOP_LOGGER;
    }
}
