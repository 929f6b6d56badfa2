package dev.moonboot.assets.squashfs;

import dev.moonboot.assets.tree.FileTree;

/**
 * What an image holds.
 *
 * @param tree its files; their contents are unpacked from the image whenever they are read
 */
public record SquashfsImage(Superblock superblock, FileTree tree) {}
