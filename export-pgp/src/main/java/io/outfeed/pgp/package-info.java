/**
 * Encryption and signatures by OpenPGP.
 */
@NullMarked
package io.outfeed.pgp;

import org.jspecify.annotations.NullMarked;
