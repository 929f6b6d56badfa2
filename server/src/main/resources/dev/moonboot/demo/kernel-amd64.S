# A demo kernel: what a boot loader takes for Linux, and what then says that it was booted.
#
# Follows the Linux x86 boot protocol, version 2.06 (kernel doc, arch/x86/boot.rst): a loader puts
# the first (setup_sects + 1) * 512 bytes below 1 MiB, fills in the header at 0x1f1 and jumps to
# offset 0x200 in 16-bit real mode, with all segments at offset 0. Everything happens there: banner,
# release, command line and size of the initramfs go to the first serial port, and to the screen
# where there is one; then the machine is switched off through the BIOS (APM 1.1).
#
# kernel-amd64.hex holds what this assembles to; a test compares the two where binutils are there:
#     as --32 -o kernel.o kernel-amd64.S && objcopy -O binary -j .text kernel.o kernel.bin

        .code16
        .intel_syntax noprefix
        .text

        .set    SETUP_SECTS, 3          # sectors behind the first that are real-mode code
        .set    COM1, 0x3f8             # first serial port: data, +1 interrupts, +2 FIFO,
                                        # +3 line control, +5 line status

boot_sector:                            # nobody starts this any more; stop if somebody does
        cli
0:      hlt
        jmp     0b

        .org    0x1f1                   # ---- the setup header
        .byte   SETUP_SECTS
        .word   1                       # root_flags: read-only
        .long   (end - protected) / 16  # syssize, in paragraphs
        .word   0                       # ram_size
        .word   0xffff                  # vid_mode: normal
        .word   0                       # root_dev
        .word   0xaa55                  # boot_flag
        .byte   0xeb, start - (. + 1)   # jump
        .ascii  "HdrS"
        .word   0x0206                  # version of the protocol
        .long   0                       # realmode_swtch
        .word   0                       # start_sys_seg
        .word   version - 0x200         # kernel_version
type_of_loader:
        .byte   0
        .byte   1                       # loadflags: LOADED_HIGH
        .word   0x8000                  # setup_move_size
        .long   0x100000                # code32_start
        .long   0                       # ramdisk_image, by the loader
ramdisk_size:
        .long   0                       # by the loader
        .long   0                       # bootsect_kludge
        .word   0                       # heap_end_ptr
        .byte   0, 0                    # ext_loader_ver, ext_loader_type
cmd_line_ptr:
        .long   0                       # by the loader: linear address, ends with NUL
        .long   0x37ffffff              # initrd_addr_max
        .long   0x100000                # kernel_alignment
        .byte   0, 0                    # relocatable_kernel, min_alignment
        .word   0                       # xloadflags
        .long   2047                    # cmdline_size, as common kernels have it

start:                                  # ---- entry; DS = ES = SS = where boot_sector is
        cld
        sti
        call    find_screen
        call    settle
        call    open_serial

        lea     si, banner
        call    print
        lea     si, release_label
        call    print
        lea     si, version
        call    print

        lea     si, cmdline_label
        call    print
        mov     eax, cmd_line_ptr
        mov     bx, ax
        and     bx, 15                  # linear address to segment FS and offset BX
        shr     eax, 4
        mov     fs, ax
1:      mov     al, fs:[bx]
        test    al, al
        jz      2f
        call    print_char
        inc     bx
        jmp     1b

2:      lea     si, initramfs_label
        call    print
        mov     eax, ramdisk_size
        call    print_number
        lea     si, bytes
        call    print

        lea     si, done
        call    print
        jmp     power_off

# prints the text at SI, which ends with NUL
print:  lodsb
        test    al, al
        jz      1f
        call    print_char
        jmp     print
1:      ret

# prints EAX in decimal
print_number:
        mov     ebx, 10
        xor     cx, cx
1:      xor     edx, edx
        div     ebx
        push    dx
        inc     cx
        test    eax, eax
        jnz     1b
2:      pop     ax
        add     al, '0'
        call    print_char
        loop    2b
        ret

# prints AL; a line feed gets its carriage return
print_char:
        cmp     al, 10
        jne     1f
        push    ax
        mov     al, 13
        call    1f
        pop     ax
1:      pushad
        push    fs
        mov     bp, ax
        mov     dx, COM1 + 5
        mov     cx, 0xffff              # a port that is not there must not stop us
2:      in      al, dx
        test    al, 0x20                # transmitter is free
        loopz   2b
        mov     ax, bp
        mov     dx, COM1
        out     dx, al
        cmp     byte ptr screen, 0
        je      3f
        mov     ah, 0x0e                # BIOS: teletype output
        mov     bx, 7
        int     0x10
3:      pop     fs
        popad
        ret

# A BIOS without a graphics card sends its screen to the serial port: only a handler in the ROM of
# a card (segment C000 to DFFF) means another place to write to.
find_screen:
        push    es
        xor     ax, ax
        mov     es, ax
        mov     ax, es:[0x10 * 4 + 2]
        pop     es
        shr     ax, 13
        cmp     ax, 6
        jne     1f
        inc     byte ptr screen
1:      ret

# Lets a BIOS write out what it still has for a screen on the serial port: it does so when its
# clock ticks. Waits for three ticks (165 ms), or less long where there are none.
settle: push    es
        mov     ax, 0x40
        mov     es, ax
        mov     eax, es:[0x6c]
        add     eax, 3
        mov     ecx, 0x4000000
1:      cmp     es:[0x6c], eax
        jae     2f
        dec     ecx
        jnz     1b
2:      pop     es
        ret

open_serial:                            # 115200 baud, 8 bits, no parity
        mov     dx, COM1 + 3
        mov     al, 0x80
        out     dx, al
        mov     dx, COM1
        mov     al, 1
        out     dx, al
        inc     dx
        xor     al, al
        out     dx, al
        mov     dx, COM1 + 3
        mov     al, 3
        out     dx, al
        ret

power_off:
        mov     ax, 0x5301              # APM: connect the real-mode interface
        xor     bx, bx
        int     0x15
        mov     ax, 0x530e              # APM: we speak 1.1
        xor     bx, bx
        mov     cx, 0x0101
        int     0x15
        mov     ax, 0x5307              # APM: all devices off
        mov     bx, 1
        mov     cx, 3
        int     0x15
        lea     si, stays_on
        call    print
1:      cli
        hlt
        jmp     1b

screen: .byte   0
banner: .asciz  "\n*** moonboot demo payload, not Talos ***\n"
release_label:
        .asciz  "release:      "
cmdline_label:
        .asciz  "\ncommand line: "
initramfs_label:
        .asciz  "\ninitramfs:    "
bytes:  .asciz  " bytes\n"
done:   .asciz  "A machine got this far over the network. Switching it off.\n"
stays_on:
        .asciz  "(It does not switch off by itself: no APM here.)\n"

        .org    (SETUP_SECTS + 1) * 512 - 128
version:                                # kernel release and more, written here by the demo
        .fill   128, 1, 0

protected:                              # ---- loaded at 1 MiB; nothing jumps here
        .code32
        cli
1:      hlt
        jmp     1b
        .org    (SETUP_SECTS + 2) * 512
end:
