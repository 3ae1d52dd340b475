"""The only room that knows ipywidgets and IPython: what readers click on in a notebook."""
