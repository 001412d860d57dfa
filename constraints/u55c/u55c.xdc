# Alveo U55C, part xcu55c-fsvh2892-2L-e. Pins: xdc/u55c.xdc of DouglasWWolf/u55c_smem at 911d2e41675869f9baf6d8b8e6d63c1260a1b7fe;
# compare with the board's own file from AMD (UG1468) before a card is programmed. The lanes' pins come with the bridge (build.tcl).
set_property PACKAGE_PIN AR15 [get_ports pcie_refclk_p]
set_property PACKAGE_PIN AR14 [get_ports pcie_refclk_n]
create_clock -name pcie_refclk -period 10.000 [get_ports pcie_refclk_p]
set_property -dict {PACKAGE_PIN BF41 IOSTANDARD LVCMOS18 PULLUP true} [get_ports pcie_perst_n]
set_property -dict {PACKAGE_PIN BE45 IOSTANDARD LVCMOS18} [get_ports hbm_cattrip]

# The core's clock is the bridge's axi_aclk, which its own constraints define.
set_false_path -from [get_ports pcie_perst_n]
set_false_path -to [get_ports hbm_cattrip]
set_false_path -to [get_pins -hierarchical -filter {NAME =~ *u_reset/stages_q_reg*/CLR}]

set_property BITSTREAM.GENERAL.COMPRESS TRUE [current_design]
set_property CONFIG_MODE SPIx4 [current_design]
set_property BITSTREAM.CONFIG.SPI_32BIT_ADDR YES [current_design]
set_property BITSTREAM.CONFIG.SPI_BUSWIDTH 4 [current_design]
