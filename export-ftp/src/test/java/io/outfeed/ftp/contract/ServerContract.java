package io.outfeed.ftp.contract;

import io.outfeed.testing.contract.DeliveryContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The contract of deliveries at a server whose files this machine sees. */
abstract class ServerContract extends DeliveryContract {

    /** The directory of the delivery, as a path of this machine. */
    abstract Path exports();

    @Override
    protected Optional<byte[]> visible(String path) throws IOException {
        return read(exports().resolve(path));
    }

    static Optional<byte[]> read(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    @Override
    protected Optional<List<String>> temporaryNames() throws IOException {
        try (Stream<Path> files = Files.walk(exports())) {
            return Optional.of(
                    files.filter(file -> file.getFileName().toString().endsWith(".part"))
                            .map(file -> exports().relativize(file).toString())
                            .toList());
        }
    }
}
