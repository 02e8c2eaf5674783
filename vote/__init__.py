"""An online voting service for general assemblies."""
