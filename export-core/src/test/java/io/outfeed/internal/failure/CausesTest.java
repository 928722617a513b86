package io.outfeed.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CausesTest {

    /** As some drivers have them: there is no end. */
    private static final class Endless extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            return new Endless();
        }
    }

    @Test
    void should_find_the_exception_itself_and_each_that_led_to_it() {
        EOFException end = new EOFException();
        RuntimeException thrown = new IllegalStateException(new IOException(end));

        assertThat(Causes.find(thrown, RuntimeException.class)).contains(thrown);
        assertThat(Causes.find(thrown, EOFException.class)).contains(end);
        assertThat(Causes.has(thrown, IOException.class)).isTrue();
        assertThat(Causes.has(thrown, ConnectException.class)).isFalse();
    }

    @Test
    void should_find_the_first_of_a_type() {
        IOException inner = new EOFException();
        IOException outer = new IOException(inner);

        assertThat(Causes.find(new RuntimeException(outer), IOException.class)).contains(outer);
    }

    @Test
    @Timeout(60)
    void should_come_to_an_end() {
        assertThat(Causes.has(new Endless(), IOException.class)).isFalse();
    }
}
