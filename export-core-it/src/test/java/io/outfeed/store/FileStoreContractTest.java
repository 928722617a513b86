package io.outfeed.store;

import io.outfeed.testing.contract.ExportStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileStoreContractTest extends ExportStoreContract {

    @TempDir
    private Path directory;

    @Override
    protected ExportStore open() {
        return FileStore.open(directory);
    }

    @Override
    protected ExportStore reopen(ExportStore before) {
        before.close();
        return open();
    }
}
