package dev.moonboot.assets.squashfs;

import dev.moonboot.assets.tree.FileTree;

/**
 * What an image holds.
 *
 * @param ofRoot whether all of it is root's
 * @param tree its files; their contents are unpacked from the image whenever they are read
 */
public record SquashfsImage(Superblock superblock, boolean ofRoot, FileTree tree) {}
