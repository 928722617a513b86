/** Keys, certificates and signatures in SSH's format. */
@NullMarked
package io.outfeed.sftp.internal.key;

import org.jspecify.annotations.NullMarked;
