package io.outfeed.sftp.contract;

import io.outfeed.testing.contract.DirectDeliveryContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The contract of deliveries that write under the final name, at a server whose files this machine sees. */
abstract class DirectServerContract extends DirectDeliveryContract {

    /** The directory of the delivery, as a path of this machine. */
    abstract Path exports();

    @Override
    protected Optional<byte[]> visible(String path) throws IOException {
        return ServerContract.read(exports().resolve(path));
    }
}
