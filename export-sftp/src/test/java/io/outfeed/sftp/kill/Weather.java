package io.outfeed.sftp.kill;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/**
 * Begins and ends outages and lies: one destination is down or lies half of the time, one of the others is down now and
 * then.
 */
final class Weather {

    private final List<Destination> reliable;
    private final Destination unreliable;
    private final SftpLies lies;
    private final Random random;

    Weather(List<Destination> reliable, Destination unreliable, SftpLies lies, Random random) {
        this.reliable = reliable;
        this.unreliable = unreliable;
        this.lies = lies;
        this.random = random;
    }

    void change() throws IOException {
        if (!unreliable.isUp() || lies.areTold()) {
            end();
        } else if (random.nextInt(4) == 0) {
            unreliable.beginOutage();
            lies.interrupted();
        } else {
            lies.begin(random);
        }
        boolean allUp = reliable.stream().allMatch(Destination::isUp);
        endOutages();
        if (allUp && random.nextInt(4) == 0) {
            reliable.get(random.nextInt(reliable.size())).beginOutage();
        }
    }

    /** The unreliable destination is as it should be. */
    private void end() throws IOException {
        if (!unreliable.isUp()) {
            unreliable.endOutage();
        }
        if (lies.areTold()) {
            lies.end();
        }
    }

    private void endOutages() {
        reliable.stream().filter(destination -> !destination.isUp()).forEach(Destination::endOutage);
    }

    /** From now on all destinations are up, and honest. */
    void calm() throws IOException {
        end();
        endOutages();
    }
}
