# moonboot at 10.0.0.2 (as given).
# Windows Server 2012 and newer, by Microsoft's manual; not run on one. In PowerShell, as administrator, on the DHCP
# server. For one scope only: -ScopeId after each -PolicyName and after each Add-DhcpServerv4Policy -Name.

# Who asks.
Add-DhcpServerv4Class -Name "moonboot iPXE" -Type User -Data "iPXE"
Add-DhcpServerv4Class -Name "moonboot BIOS" -Type Vendor -Data "PXEClient:Arch:00000"
Add-DhcpServerv4Class -Name "moonboot UEFI x64" -Type Vendor -Data "PXEClient:Arch:00007"
Add-DhcpServerv4Class -Name "moonboot UEFI x64 EBC" -Type Vendor -Data "PXEClient:Arch:00009"
Add-DhcpServerv4Class -Name "moonboot UEFI arm64" -Type Vendor -Data "PXEClient:Arch:00011"
Add-DhcpServerv4Class -Name "moonboot HTTP x64" -Type Vendor -Data "HTTPClient:Arch:00016"
Add-DhcpServerv4Class -Name "moonboot HTTP arm64" -Type Vendor -Data "HTTPClient:Arch:00019"
Add-DhcpServerv4Class -Name "moonboot U-Boot" -Type Vendor -Data "U-Boot"
if (-not (Get-DhcpServerv4OptionDefinition -OptionId 60 -ErrorAction SilentlyContinue)) {
  Add-DhcpServerv4OptionDefinition -Name "Vendor class identifier" -OptionId 60 -Type String
}

# The first policy that fits decides: iPXE, which would be given itself again, for ever, comes before firmware; and a
# Raspberry Pi, which says that it is a BIOS, before BIOS.
Add-DhcpServerv4Policy -Name "moonboot iPXE" -Condition OR -UserClass EQ,"moonboot iPXE*" -ProcessingOrder 1
Add-DhcpServerv4Policy -Name "moonboot Pi" -Condition AND -VendorClass EQ,"moonboot BIOS*" -MacAddress EQ,B827EB*,DCA632*,E45F01*,28CDC1*,D83ADD*,2CCF67*,88A29E* -ProcessingOrder 2
Add-DhcpServerv4Policy -Name "moonboot BIOS" -Condition OR -VendorClass EQ,"moonboot BIOS*" -ProcessingOrder 3
Add-DhcpServerv4Policy -Name "moonboot UEFI x64" -Condition OR -VendorClass EQ,"moonboot UEFI x64*","moonboot UEFI x64 EBC*" -ProcessingOrder 4
Add-DhcpServerv4Policy -Name "moonboot UEFI arm64" -Condition OR -VendorClass EQ,"moonboot UEFI arm64*" -ProcessingOrder 5
Add-DhcpServerv4Policy -Name "moonboot HTTP x64" -Condition OR -VendorClass EQ,"moonboot HTTP x64*" -ProcessingOrder 6
Add-DhcpServerv4Policy -Name "moonboot HTTP arm64" -Condition OR -VendorClass EQ,"moonboot HTTP arm64*" -ProcessingOrder 7
Add-DhcpServerv4Policy -Name "moonboot U-Boot" -Condition OR -VendorClass EQ,"moonboot U-Boot*" -ProcessingOrder 8

# What they are told.
"moonboot iPXE","moonboot Pi","moonboot BIOS","moonboot UEFI x64","moonboot UEFI arm64","moonboot U-Boot" | ForEach-Object {
  Set-DhcpServerv4OptionValue -PolicyName $_ -OptionId 66 -Value "10.0.0.2"
}
Set-DhcpServerv4OptionValue -PolicyName "moonboot iPXE" -OptionId 67 -Value "http://10.0.0.2:8080/boot.ipxe"
Set-DhcpServerv4OptionValue -PolicyName "moonboot BIOS" -OptionId 67 -Value "undionly.kpxe"
Set-DhcpServerv4OptionValue -PolicyName "moonboot UEFI x64" -OptionId 67 -Value "ipxe-amd64.efi"
Set-DhcpServerv4OptionValue -PolicyName "moonboot UEFI arm64" -OptionId 67 -Value "ipxe-arm64.efi"
Set-DhcpServerv4OptionValue -PolicyName "moonboot HTTP x64" -OptionId 67 -Value "http://10.0.0.2:8080/boot/ipxe-amd64.efi"
Set-DhcpServerv4OptionValue -PolicyName "moonboot HTTP arm64" -OptionId 67 -Value "http://10.0.0.2:8080/boot/ipxe-arm64.efi"
Set-DhcpServerv4OptionValue -PolicyName "moonboot HTTP x64" -OptionId 60 -Value "HTTPClient"
Set-DhcpServerv4OptionValue -PolicyName "moonboot HTTP arm64" -OptionId 60 -Value "HTTPClient"
Set-DhcpServerv4OptionValue -PolicyName "moonboot Pi" -OptionId 43 -Value 0x06,0x01,0x03,0x0a,0x04,0x00,0x50,0x58,0x45,0x09,0x14,0x00,0x00,0x11,0x52,0x61,0x73,0x70,0x62,0x65,0x72,0x72,0x79,0x20,0x50,0x69,0x20,0x42,0x6f,0x6f,0x74,0xff
