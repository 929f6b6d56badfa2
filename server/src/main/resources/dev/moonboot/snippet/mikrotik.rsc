# moonboot at @address@ (@from@).
# RouterOS 7, by MikroTik's manual; not run on a router. Put in the names of your DHCP server and its pool first:
:local server dhcp1
:local pool dhcp_pool1

# U-Boot and iPXE take the next server from the header.
/ip dhcp-server network set [find] next-server=@address@

/ip dhcp-server option
add name=moonboot-server code=66 value="s'@address@'"
add name=moonboot-script code=67 value="'@script@'"
add name=moonboot-bios code=67 value="'@bios@'"
add name=moonboot-uefi-amd64 code=67 value="'@efi-amd64@'"
add name=moonboot-uefi-arm64 code=67 value="'@efi-arm64@'"
add name=moonboot-http-amd64 code=67 value="'@base@/boot/@efi-amd64@'"
add name=moonboot-http-arm64 code=67 value="'@base@/boot/@efi-arm64@'"
add name=moonboot-httpclient code=60 value="'HTTPClient'" force=yes
add name=moonboot-pi code=43 value=0x0601030a0400505845091400001152617370626572727920506920426f6f74ff force=yes

/ip dhcp-server option sets
add name=moonboot-ipxe options=moonboot-script
add name=moonboot-bios options=moonboot-server,moonboot-bios
add name=moonboot-uefi-amd64 options=moonboot-server,moonboot-uefi-amd64
add name=moonboot-uefi-arm64 options=moonboot-server,moonboot-uefi-arm64
add name=moonboot-http-amd64 options=moonboot-http-amd64,moonboot-httpclient
add name=moonboot-http-arm64 options=moonboot-http-arm64,moonboot-httpclient
add name=moonboot-pi options=moonboot-server,moonboot-pi

# Where two matchers fit, the manual does not say which counts. Firmware is told by its whole option 60, which iPXE of
# 2022 and newer does not send: so only the first fits what runs iPXE already, and it is not given itself again.
/ip dhcp-server matcher
add name=moonboot-ipxe server=$server address-pool=$pool option-set=moonboot-ipxe code=77 matching-type=substring value="iPXE"
add name=moonboot-bios server=$server address-pool=$pool option-set=moonboot-bios code=60 matching-type=substring value="PXEClient:Arch:00000:"
add name=moonboot-uefi-7 server=$server address-pool=$pool option-set=moonboot-uefi-amd64 code=60 matching-type=substring value="PXEClient:Arch:00007:"
add name=moonboot-uefi-9 server=$server address-pool=$pool option-set=moonboot-uefi-amd64 code=60 matching-type=substring value="PXEClient:Arch:00009:"
add name=moonboot-uefi-11 server=$server address-pool=$pool option-set=moonboot-uefi-arm64 code=60 matching-type=substring value="PXEClient:Arch:00011:"
add name=moonboot-http-16 server=$server address-pool=$pool option-set=moonboot-http-amd64 code=60 matching-type=substring value="HTTPClient:Arch:00016:"
add name=moonboot-http-19 server=$server address-pool=$pool option-set=moonboot-http-arm64 code=60 matching-type=substring value="HTTPClient:Arch:00019:"

# A Raspberry Pi says that it is a BIOS, and no matcher tells it apart: give its lease the set.
# /ip dhcp-server lease make-static [find mac-address="DC:A6:32:00:00:00"]
# /ip dhcp-server lease set [find mac-address="DC:A6:32:00:00:00"] dhcp-option-set=moonboot-pi

# RouterOS 6 has no such matchers: one file name for all. See what "moonboot dhcp-snippet unifi" says of that, then
# /ip dhcp-server network set [find] next-server=@address@ boot-file-name=@efi-amd64@
